import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { SignatureRefusal } from './signature.errors';

const maxLength = 128;

/**
 * The parameter that receives the user id of the path. It is judged before the body's fields are.
 * @throws SignatureRefusal USERNAME_MISSING when the path has none, or a blank one; USER_NOT_FOUND when nobody can have it
 */
export const UserId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { userId } = context.switchToHttp().getRequest<Request>().params;
  if (typeof userId !== 'string' || userId.trim() === '') throw new SignatureRefusal('USERNAME_MISSING');
  if (userId.length > maxLength || userId.includes('\0')) throw new SignatureRefusal('USER_NOT_FOUND');
  return userId;
});
