import { Inject, Injectable, Logger } from '@nestjs/common';
import { OutboundClient } from '../../platform/outbound/outbound-client';
import { type Settings, SETTINGS } from '../../platform/settings/settings';
import { CheckpointRepository } from './checkpoint.repository';

/** Checkpoints in one call: more than an outage of some hours leaves. */
const postedAtOnce = 500;
const timeoutSeconds = 5;
const maxResponseBytes = 64 * 1024;

/** The outside party at CHECKPOINT_URL, which keeps the checkpoints where nobody who writes to the database can. */
@Injectable()
export class CheckpointReceiver {
  private readonly log = new Logger('History');
  private readonly url: string | undefined;

  constructor(
    @Inject(SETTINGS) { checkpointUrl }: Settings,
    private readonly checkpoints: CheckpointRepository,
    private readonly outbound: OutboundClient,
  ) {
    this.url = checkpointUrl;
  }

  /** Sends what it has not taken yet, a checkpoint a line, in their order; a failure is logged, and the next time tries again. */
  async post(): Promise<void> {
    if (this.url === undefined) return;
    const found = await this.checkpoints.list(await this.checkpoints.posted(), postedAtOnce);
    const newest = found.at(-1);
    if (newest === undefined) return;
    const body = found.map((checkpoint) => `${JSON.stringify(checkpoint)}\n`).join('');
    const headers = { 'Content-Type': 'application/x-ndjson' };
    try {
      const call = { url: this.url, method: 'POST', headers, body, timeoutSeconds, maxResponseBytes };
      const { status } = await this.outbound.request(call);
      if (status < 200 || status > 299) throw new Error(`CHECKPOINT_URL answered ${status}`);
    } catch (err) {
      this.log.warn({ err, checkpoint: newest.number }, 'CHECKPOINT_URL has not taken the checkpoints');
      return;
    }
    await this.checkpoints.setPosted(newest.number);
  }
}
