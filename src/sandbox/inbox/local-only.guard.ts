import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { DomainRefusal } from '../../platform/envelope/failure';
import { type ProblemRefusal } from '../../platform/envelope/problem.error-format';
import { isFromThisMachine } from '../../platform/http/loopback';
import { type Settings, SETTINGS } from '../../platform/settings/settings';

export class InboxIsLocal extends DomainRefusal implements ProblemRefusal {
  readonly code = 'INBOX_IS_LOCAL';
  readonly status = 403;

  constructor() {
    super('The inbox is shown on the server’s own machine only; SANDBOX_INBOX_REMOTE=true opens it to all.');
  }
}

/** Codes are shown to callers on the server's own machine, unless the settings open the inbox. */
@Injectable()
export class LocalOnlyGuard implements CanActivate {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** @throws InboxIsLocal when the caller is elsewhere */
  canActivate(context: ExecutionContext): boolean {
    if (this.settings.sandboxInboxRemote || isFromThisMachine(context.switchToHttp().getRequest<Request>()))
      return true;
    throw new InboxIsLocal();
  }
}
