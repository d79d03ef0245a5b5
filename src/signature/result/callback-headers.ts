import { Injectable } from '@nestjs/common';
import { checkTargetHeaders, OutboundRefused } from '../../platform/outbound/outbound-target';
import { Vault } from '../../platform/secrets/vault';

type Headers = Record<string, string>;

/** Says the same for every try of one callback, so that a receiver can tell a repetition. */
export const deliveryIdHeader = 'X-Delivery-Id';

/** What a callback says itself. */
const reserved = ['content-type', 'content-encoding', deliveryIdHeader.toLowerCase()];

/** A caller's own headers for its callback. They may carry credentials, so they are kept encrypted and never logged. */
@Injectable()
export class CallbackHeaders {
  constructor(private readonly vault: Vault) {}

  /** @throws OutboundRefused when a header is malformed, or not the caller's to set */
  check(headers: Headers): void {
    const taken = Object.keys(headers).find((name) => reserved.includes(name.toLowerCase()));
    if (taken !== undefined) throw new OutboundRefused(`the header ${taken} cannot be set`);
    checkTargetHeaders(headers);
  }

  seal(tenantId: string, id: string, headers: Headers): Buffer {
    return this.vault.seal('signature-callback', `${tenantId}/${id}`, Buffer.from(JSON.stringify(headers)));
  }

  open(tenantId: string, id: string, sealed: Buffer): Headers {
    return JSON.parse(this.vault.open('signature-callback', `${tenantId}/${id}`, sealed).toString()) as Headers;
  }
}
