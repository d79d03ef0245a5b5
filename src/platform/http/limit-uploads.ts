import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { finalize } from 'rxjs';
import { type Principal } from '../auth/principal';
import { Failed } from '../envelope/failure';
import { type Settings } from '../settings/settings';
import { SETTINGS } from '../settings/settings.module';

/**
 * Lets a principal upload so many bodies at a time to this node, so that one client's documents do not fill its memory.
 * To be named below the decorator that reads the body, whose interceptor it then wraps.
 */
@Injectable()
export class LimitUploads implements NestInterceptor {
  private readonly underWay = new Map<string, number>();

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** @throws Failed `unavailable` when as many are under way */
  intercept(context: ExecutionContext, next: CallHandler): ReturnType<CallHandler['handle']> {
    const { actor } = context.switchToHttp().getRequest<{ user: Principal }>().user;
    const others = this.underWay.get(actor) ?? 0;
    if (others >= this.settings.tenantLimits.uploadsPerClient)
      throw new Failed({ kind: 'unavailable', mayBeDone: false });
    this.underWay.set(actor, others + 1);
    return next.handle().pipe(
      finalize(() => {
        const left = (this.underWay.get(actor) ?? 1) - 1;
        if (left === 0) this.underWay.delete(actor);
        else this.underWay.set(actor, left);
      }),
    );
  }
}
