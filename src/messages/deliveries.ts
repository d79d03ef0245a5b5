import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs';
import { unlessAborted } from '../platform/jobs/background-loop';
import { Metrics } from '../platform/observability/metrics';
import { OutboundError } from '../platform/outbound/outbound-target';
import { type DeliveryOutcome, type DeliveryChannel, DeliveryFailed, type DeliveryTry, deliveryLoop } from './delivery';
import { clearAwayDeliveries, DeliveryRepository } from './delivery.repository';

/** Tries of one channel under way on one node at the same time: a channel whose receivers are slow delays no other. */
const concurrentTries = 20;

/** How late a try may begin that no nudge announced, in milliseconds. */
const sweepEveryMs = 1_000;

/** The longest a try may take. */
const tryLimitSeconds = 20;

/** When its node is taken for dead by the others, unless it has prolonged the lease meanwhile. */
const leaseSeconds = 6;
const renewEveryMs = 1_000;

/** No sweep prolongs it while the node stops, which takes nine seconds at most. */
const stoppingLeaseSeconds = 12;

interface UnderWay {
  readonly delivery: DeliveryTry;
  /** Aborted once another node has the delivery. */
  readonly lost: AbortController;
  readonly over: Promise<void>;
}

/** The outbox: makes the tries of queued deliveries as each channel's schedule says. */
@Injectable()
export class Deliveries implements OnModuleInit {
  private readonly log = new Logger('Deliveries');
  private readonly channels = new Map<string, DeliveryChannel>();
  private readonly underWay = new Set<UnderWay>();
  private renewedAt = 0;
  /** Whether there may be more for a channel or endpoint that the last sweep has found busy. */
  private mayBeMore = false;

  constructor(
    private readonly jobs: Jobs,
    private readonly deliveries: DeliveryRepository,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.jobs.loop({
      name: deliveryLoop,
      everyMs: sweepEveryMs,
      run: () => this.sweep(),
      drain: () => this.drain(),
    });
    this.jobs.daily('clear-away-deliveries', clearAwayDeliveries);
  }

  /**
   * To be called while modules initialize. A node makes the tries of the channels registered on it.
   * @throws Error when there is such a channel
   */
  register(channel: DeliveryChannel): void {
    if (this.channels.has(channel.channel)) throw new Error(`There are two channels named ${channel.channel}`);
    this.channels.set(channel.channel, channel);
  }

  /** Begins the schedule anew for what has ended; false where nothing did. */
  async redeliver(id: string): Promise<boolean> {
    const begun = await this.deliveries.redeliver(id);
    if (begun) this.jobs.nudge(deliveryLoop);
    return begun;
  }

  private async sweep(): Promise<void> {
    if (performance.now() - this.renewedAt >= renewEveryMs) await this.renew(leaseSeconds);
    const free = this.freeTries();
    if (free.size === 0) return;
    const busy = this.busyEndpoints();
    const claimed = await this.deliveries.claim(free, busy, leaseSeconds);
    for (const delivery of claimed) this.begin(delivery);
    // By what was asked for: tries that are over by now have made room that this claim did not know of.
    const gotAll = ([channel, tries]: [string, number]) =>
      claimed.filter((each) => each.channel === channel).length === tries;
    const toEndpoints = claimed.some(({ endpointId }) => endpointId !== null);
    this.mayBeMore = free.size < this.channels.size || [...free].some(gotAll) || busy.length > 0 || toEndpoints;
  }

  /** How many tries each channel may begin now; those that may begin none are left out. */
  private freeTries(): Map<string, number> {
    const free = new Map([...this.channels.keys()].map((channel) => [channel, concurrentTries]));
    for (const { delivery } of this.underWay) free.set(delivery.channel, (free.get(delivery.channel) ?? 0) - 1);
    return new Map([...free].filter(([, tries]) => tries > 0));
  }

  /** The endpoints that this node is at; until it is done there, they get no further try from it. */
  private busyEndpoints(): string[] {
    return [...new Set([...this.underWay].flatMap(({ delivery }) => delivery.endpointId ?? []))];
  }

  private async drain(): Promise<void> {
    await this.renew(stoppingLeaseSeconds);
    await Promise.all([...this.underWay].map(({ over }) => over));
  }

  private async renew(seconds: number): Promise<void> {
    const held = [...this.underWay];
    if (held.length === 0) return;
    const tries = held.map(({ delivery }) => delivery);
    const renewed = new Set(await this.deliveries.renew(tries, seconds));
    for (const entry of held) if (this.underWay.has(entry) && !renewed.has(entry.delivery.id)) entry.lost.abort();
    this.renewedAt = performance.now();
  }

  private begin(delivery: DeliveryTry): void {
    const lost = new AbortController();
    const over = this.try(delivery, lost.signal)
      .catch((error: unknown) => {
        // The lease ends, and the try is made again: what was delivered has not failed.
        this.log.warn({ delivery: delivery.id, err: error }, 'What became of a delivery could not be written down');
      })
      .finally(() => {
        this.underWay.delete(entry);
        if (this.mayBeMore) this.jobs.nudge(deliveryLoop);
      });
    const entry: UnderWay = { delivery, lost, over };
    this.underWay.add(entry);
  }

  private async try(delivery: DeliveryTry, lost: AbortSignal): Promise<void> {
    const channel = this.channels.get(delivery.channel);
    if (channel === undefined) return;
    let outcome: DeliveryOutcome;
    try {
      outcome = await withinLimit((late) => channel.deliver(delivery, late), lost);
    } catch (error) {
      await this.failed(channel, delivery, error);
      return;
    }
    const end = outcome === 'obsolete' ? 'abandoned' : outcome;
    await this.deliveries.end(delivery, end);
    this.metrics.countTry(delivery.channel, end);
  }

  private async failed(channel: DeliveryChannel, delivery: DeliveryTry, reason: unknown): Promise<void> {
    const { id, tenantId, attempts } = delivery;
    const error = describe(reason);
    const delaySeconds = delayOf(channel, attempts, reason);
    const facts = { delivery: id, tenantId, channel: channel.channel, attempts, delaySeconds, error };
    this.log.warn(facts, 'A delivery failed');
    if (delaySeconds === undefined) await this.deliveries.end(delivery, 'failed', error);
    else await this.deliveries.postpone(delivery, delaySeconds, error);
    this.metrics.countTry(delivery.channel, delaySeconds === undefined ? 'failed' : 'postponed');
  }
}

/** How long the next try is waited for; undefined where there is none. */
function delayOf({ schedule, jitter = 0 }: DeliveryChannel, attempts: number, reason: unknown): number | undefined {
  const pause = schedule[attempts - 1];
  const { retry, notBeforeSeconds } = reason instanceof DeliveryFailed ? reason : new DeliveryFailed('');
  if (pause === undefined || !retry) return undefined;
  return Math.max(pause, notBeforeSeconds) * (1 + jitter * Math.random());
}

/** Work that does not heed the signal is not waited for either. */
function withinLimit<Outcome>(work: (late: AbortSignal) => Promise<Outcome>, lost: AbortSignal): Promise<Outcome> {
  const late = AbortSignal.any([AbortSignal.timeout(tryLimitSeconds * 1000), lost]);
  return unlessAborted(work(late), late, new DeliveryFailed(`It was not done within ${tryLimitSeconds} s`));
}

/** Messages of errors that were not made to be shown may hold anything, so only their kind is kept. */
function describe(error: unknown): string {
  if (error instanceof DeliveryFailed || error instanceof OutboundError) return error.message;
  return error instanceof Error ? error.name : 'Error';
}
