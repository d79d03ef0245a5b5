import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { inBatches } from '../platform/jobs/in-batches';
import { Jobs } from '../platform/jobs/jobs';
import { unlessAborted } from '../platform/jobs/unless-aborted';
import { Metrics } from '../platform/observability/metrics';
import { OutboundError } from '../platform/outbound/outbound.errors';
import { type DeliveryChannel, DeliveryFailed, type DeliveryTry } from './delivery-channel';
import { DeliveryRepository } from './delivery.repository';

/** The longest a try may take, and when after its beginning the node that makes it is taken for dead. */
const tryLimitSeconds = 20;
const leaseSeconds = 30;

/** How long ended deliveries are kept to be looked at. */
const keptDays = 90;

/** The outbox: makes the tries of queued deliveries as each channel's schedule says. */
@Injectable()
export class Deliveries implements OnModuleInit {
  private readonly log = new Logger('Deliveries');

  constructor(
    private readonly jobs: Jobs,
    private readonly deliveries: DeliveryRepository,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.jobs.daily('clear-away-deliveries', () => inBatches((size) => this.deliveries.clearAway(keptDays, size)));
  }

  /** To be called while modules initialize. A node makes the tries of the channels registered on it. */
  register(channel: DeliveryChannel): void {
    this.jobs.register(`deliver:${channel.channel}`, (payload) => this.try(channel, (payload as { id: string }).id));
  }

  private async try(channel: DeliveryChannel, id: string): Promise<void> {
    const delivery = await this.deliveries.claim(id, leaseSeconds);
    if (delivery === undefined) return;
    let outcome: 'delivered' | 'obsolete';
    try {
      outcome = await withinLimit((late) => channel.deliver(delivery, late));
    } catch (error) {
      await this.failed(channel, delivery, describe(error));
      return;
    }
    // Should this fail, the lease ends and the try is made again: what was delivered has not failed.
    const end = outcome === 'obsolete' ? 'abandoned' : outcome;
    await this.deliveries.end(delivery, end);
    this.metrics.countTry(channel.channel, end);
  }

  private async failed({ channel, schedule }: DeliveryChannel, delivery: DeliveryTry, error: string): Promise<void> {
    const { id, tenantId, attempts } = delivery;
    const delaySeconds = schedule[attempts - 1];
    this.log.warn({ delivery: id, tenantId, channel, attempts, delaySeconds, error }, 'A delivery failed');
    if (delaySeconds === undefined) await this.deliveries.end(delivery, 'failed', error);
    else await this.deliveries.postpone(delivery, delaySeconds, error);
    this.metrics.countTry(channel, delaySeconds === undefined ? 'failed' : 'postponed');
  }
}

/** Work that does not heed the signal is not waited for either. */
function withinLimit<Outcome>(work: (late: AbortSignal) => Promise<Outcome>): Promise<Outcome> {
  const late = AbortSignal.timeout(tryLimitSeconds * 1000);
  return unlessAborted(work(late), late, new DeliveryFailed(`It was not done within ${tryLimitSeconds} s`));
}

/** Messages of errors that were not made to be shown may hold anything, so only their kind is told. */
function describe(error: unknown): string {
  if (error instanceof DeliveryFailed || error instanceof OutboundError) return error.message;
  return error instanceof Error ? error.name : 'Error';
}
