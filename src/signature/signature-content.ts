import { Inject, Injectable } from '@nestjs/common';
import { Failed } from '../platform/envelope/failure';
import { checkTargetUrl, OutboundRefused } from '../platform/outbound/outbound-target';
import { Vault } from '../platform/secrets/vault';
import { mayUseHttp } from '../platform/settings/production';
import { type Settings, SETTINGS } from '../platform/settings/settings';
import { type StartSignature } from './dto/start-signature.dto';
import { CallbackHeaders } from './result/callback-headers';
import { type Addressed, type NewSignature } from './signature.repository';

type Content = Omit<NewSignature, 'tenantId' | 'userId' | 'id' | 'actor'>;

/** Turns what a start asks for into what is kept of it. */
@Injectable()
export class SignatureContent {
  constructor(
    private readonly vault: Vault,
    private readonly callbackHeaders: CallbackHeaders,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws Failed `invalid-input` when the callback's URL or one of its headers is not allowed */
  of(tenantId: string, { everyDevice, deviceIds }: Addressed, input: StartSignature): Content {
    const id = input.transactionId;
    const headers = { ...input.callBackHeaders };
    const content = {
      everyDevice,
      deviceIds: [...deviceIds].sort(),
      onlineSeconds: Number(input.deviceGoOnlineTimeout),
      signatureSeconds: Number(input.signatureTimeout),
      message: input.signatureMessage,
      pushMessage: input.pushNotificationMessage ?? null,
      pinRequired: String(input.pinRequired) === 'true',
      callbackUrl: this.callbackUrl(input.callbackUrl?.trim()),
    };
    refuseAs('callBackHeaders', () => {
      this.callbackHeaders.check(headers);
    });
    const told = JSON.stringify([content, Object.entries(headers).sort()]);
    return {
      ...content,
      callbackHeaders: content.callbackUrl === null ? null : this.callbackHeaders.seal(tenantId, id, headers),
      contentHash: this.vault.mac('signature-content', `${tenantId}/${id}`, told),
    };
  }

  private callbackUrl(url: string | undefined): string | null {
    if (!url) return null;
    const policy = { ...this.settings, httpsOnly: !mayUseHttp(this.settings, 'callback') };
    refuseAs('callbackUrl', () => checkTargetUrl(url, policy));
    return url;
  }
}

function refuseAs(field: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof OutboundRefused)) throw error;
    throw new Failed({ kind: 'invalid-input', faults: [{ field, problem: `${field}: ${error.message}` }] });
  }
}
