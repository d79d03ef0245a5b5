import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { sign } from 'jsonwebtoken';
import { Deliveries } from '../../messages/deliveries';
import { type DeliveryOutcome, type DeliveryChannel, DeliveryFailed, type DeliveryTry } from '../../messages/delivery';
import { OutboundClient } from '../../platform/outbound/outbound-client';
import { WebhookUrls } from '../../accounts/tenants/registered-urls';
import { SigningKeys } from '../../accounts/signing-keys/signing-keys';
import { type Settings, SETTINGS } from '../../platform/settings/settings';
import { signedWebhook } from '../session/sign-sessions';
import { ResultRepository, type ResultRow } from './result.repository';
import { SignatureResults } from './result.service';

const tryTimeoutSeconds = 2;
const pauseSeconds = 2;
const tokenLifeSeconds = 120;
const maxResponseBytes = 64 * 1024;

/** Notifies a relying party that its document is signed: a token of ours, made afresh for every try, to its webhook. */
@Injectable()
export class SignedWebhook implements DeliveryChannel, OnModuleInit {
  readonly channel = signedWebhook;
  readonly schedule = [pauseSeconds, pauseSeconds];

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly deliveries: Deliveries,
    private readonly results: ResultRepository,
    private readonly words: SignatureResults,
    private readonly webhookUrls: WebhookUrls,
    private readonly keys: SigningKeys,
    private readonly outbound: OutboundClient,
  ) {}

  onModuleInit(): void {
    this.deliveries.register(this);
  }

  /** @throws DeliveryFailed, OutboundError */
  async deliver({ tenantId, approvalId }: DeliveryTry, signal: AbortSignal): Promise<DeliveryOutcome> {
    const row = await this.results.find({ tenantId, id: approvalId });
    const url = row?.kept === true ? await this.webhookUrls.of(tenantId, row.clientId) : undefined;
    if (row === undefined || url === undefined) return 'obsolete';
    const { status } = await this.outbound.request({
      url,
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: await this.tokenFor(row) }),
      timeoutSeconds: tryTimeoutSeconds,
      maxResponseBytes,
      signal,
    });
    if (status < 200 || status > 299) throw new DeliveryFailed(`The webhook answered ${status}`);
    return 'delivered';
  }

  private async tokenFor(row: ResultRow): Promise<string> {
    const { kid, privateKey } = await this.keys.current('webhook');
    const { signed_doc_url, signer_info } = this.words.of(row);
    const claims = { request_type: 'signed_doc_url', signed_doc_url, request_id: row.id, signer_info };
    return sign(claims, privateKey, {
      algorithm: 'ES256',
      header: { alg: 'ES256', typ: 'webhook+jwt' },
      keyid: kid,
      issuer: this.settings.publicUrl,
      audience: row.clientId,
      expiresIn: tokenLifeSeconds,
    });
  }
}
