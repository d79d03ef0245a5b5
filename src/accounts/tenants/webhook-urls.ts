import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Resealing } from '../../platform/secrets/resealing';
import { SealedContent, type SealedTable } from '../../platform/secrets/sealed-content';

const sealedParties: SealedTable<'webhook_url'> = {
  name: 'relying_party',
  key: ['client_id'],
  columns: ['webhook_url'],
};

/** Relying parties' webhook URLs as they are kept: sealed, since they may carry credentials. */
@Injectable()
export class WebhookUrls implements OnModuleInit {
  constructor(
    private readonly content: SealedContent,
    private readonly resealing: Resealing,
  ) {}

  onModuleInit(): void {
    this.resealing.register(sealedParties);
  }

  seal(clientId: string, url: string): Buffer {
    return this.content.seal(sealedParties, 'webhook_url', [clientId], url);
  }

  open(clientId: string, kept: Buffer): string {
    return openWebhookUrl(this.content, clientId, kept);
  }
}

/** The same where no application runs. */
export function openWebhookUrl(content: SealedContent, clientId: string, kept: Buffer): string {
  return content.open(sealedParties, 'webhook_url', [clientId], kept).toString();
}
