import { Inject, Injectable } from '@nestjs/common';
import { Failed } from '../platform/envelope/failure';
import { checkTargetHeaders, checkTargetUrl } from '../platform/outbound/outbound-target';
import { OutboundRefused } from '../platform/outbound/outbound.errors';
import { Vault } from '../platform/secrets/vault';
import { type Settings } from '../platform/settings/settings';
import { SETTINGS } from '../platform/settings/settings.module';
import { type StartSignature } from './dto/start-signature.dto';
import { type Addressed, type NewSignature } from './signature.repository';

type Content = Omit<NewSignature, 'tenantId' | 'userId' | 'id' | 'actor'>;

/** Turns what a start asks for into what is kept of it. */
@Injectable()
export class SignatureContent {
  constructor(
    private readonly vault: Vault,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws Failed `invalid-input` when the callback's URL or one of its headers is not allowed */
  of(tenantId: string, { everyDevice, deviceIds }: Addressed, input: StartSignature): Content {
    const headers = input.callBackHeaders ?? {};
    const content = {
      everyDevice,
      deviceIds: [...deviceIds].sort(),
      onlineSeconds: Number(input.deviceGoOnlineTimeout),
      signatureSeconds: Number(input.signatureTimeout),
      message: input.signatureMessage,
      pushMessage: input.pushNotificationMessage ?? null,
      pinRequired: String(input.pinRequired) === 'true',
      callbackUrl: input.callbackUrl?.trim() || null,
    };
    if (content.callbackUrl !== null)
      this.requireCallable('callbackUrl', () => checkTargetUrl(content.callbackUrl ?? '', this.settings));
    this.requireCallable('callBackHeaders', () => {
      checkTargetHeaders(headers);
    });
    const place = `${tenantId}/${input.transactionId}`;
    const callbackHeaders =
      content.callbackUrl === null ? null : this.vault.seal('callback', place, Buffer.from(JSON.stringify(headers)));
    const told = JSON.stringify([content, Object.entries(headers).sort()]);
    return { ...content, callbackHeaders, contentHash: this.vault.mac('signature-content', place, told) };
  }

  private requireCallable(field: string, check: () => unknown): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof OutboundRefused)) throw error;
      throw new Failed({ kind: 'invalid-input', faults: [{ field, problem: `${field}: ${error.message}` }] });
    }
  }
}
