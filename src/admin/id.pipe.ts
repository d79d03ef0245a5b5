import { Injectable, type PipeTransform } from '@nestjs/common';
import { AdminRefusal } from './admin.errors';
import { slugPattern, userIdPattern } from './input';

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const patterns = { slug: slugPattern, user: userIdPattern, uuid };

/** An id in an address. What cannot be one is answered like one that does not exist. */
@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  constructor(private readonly kind: keyof typeof patterns) {}

  /** @throws AdminRefusal NOT_FOUND */
  transform(id: string): string {
    if (!patterns[this.kind].test(id)) throw new AdminRefusal('NOT_FOUND');
    return id;
  }
}

export const slugId = new IdPipe('slug');
export const userId = new IdPipe('user');
export const uuidId = new IdPipe('uuid');
