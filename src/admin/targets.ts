import { Inject, Injectable } from '@nestjs/common';
import { Failed } from '../platform/envelope/failure';
import { OutboundRefused } from '../platform/outbound/outbound.errors';
import { checkTargetUrl } from '../platform/outbound/outbound-target';
import { type HttpUse, mayUseHttp } from '../platform/settings/allowed-http';
import { type Settings } from '../platform/settings/settings';
import { SETTINGS } from '../platform/settings/settings.module';
import { InvalidJwks } from '../accounts/jwks/jwks.errors';
import { type KeySet } from '../accounts/jwks/key-set';
import { parseJwks } from '../accounts/jwks/parse-jwks';

/** Judges the addresses and keys that others register, so that a bad one is told to who brings it. */
@Injectable()
export class Targets {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** @throws Failed `invalid-input` when this server may not call it */
  checkCalled(field: string, url: string | undefined, use: HttpUse): void {
    const policy = { ...this.settings, httpsOnly: !mayUseHttp(this.settings, use) };
    judge(field, () => url === undefined || checkTargetUrl(url, policy));
  }

  /** An address that browsers are sent to, which may be anywhere. @throws Failed `invalid-input` when it is none */
  checkVisited(field: string, url: string | undefined): void {
    judge(field, () => url === undefined || checkTargetUrl(url, { allowPrivateTargets: true }));
  }

  /** The keys of this JWK set. @throws Failed `invalid-input` when no signature could be verified with it */
  readJwks(field: string, jwks: unknown): KeySet {
    return judge(field, () => parseJwks(jwks));
  }
}

function judge<Judged>(field: string, check: () => Judged): Judged {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof OutboundRefused || error instanceof InvalidJwks)) throw error;
    throw new Failed({ kind: 'invalid-input', faults: [{ field, problem: error.message }] });
  }
}
