import {
  type INestApplicationContext,
  Injectable,
  type LoggerService,
  Module,
  type OnModuleInit,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type DataSource } from 'typeorm';
import { serverContents } from '../../src/app.module';
import { createDataSource } from '../../src/platform/database/data-source';
import { DatabaseModule } from '../../src/platform/database/statements';
import { Deliveries } from '../../src/messages/deliveries';
import {
  type DeliveryOutcome,
  type DeliveryChannel,
  DeliveryFailed,
  type DeliveryTry,
  queueDelivery,
} from '../../src/messages/delivery';
import { DeliveryModule } from '../../src/messages/messages.module';
import { Jobs, JobsModule } from '../../src/platform/jobs/jobs';
import { ObservabilityModule } from '../../src/platform/observability/metrics';
import { OutboundClient } from '../../src/platform/outbound/outbound-client';

export const testChannel = 'test-call';
export const otherChannel = 'other-call';
const client = new OutboundClient({ allowPrivateTargets: true });

/** The settings of a node of the outbox alone. */
export interface DeliveryNodeOptions {
  readonly databaseUrl: string;
  /** Where deliveries go: `<receiver>/<approval id>`. */
  readonly receiverUrl: string;
  readonly schedule: readonly number[];
  readonly timeoutSeconds: number;
  /** Housekeeping besides, every minute. */
  readonly batches?: Readonly<Record<string, () => Promise<number>>>;
  /** Hears each warning. */
  readonly warned?: (message: string) => void;
}

export interface DeliveryNode {
  readonly dataSource: DataSource;
  readonly app: INestApplicationContext;
}

/**
 * The outbox and its runner, with two channels that make an HTTP call; `obsolete` is an approval that needs none, `refused`
 * one that is not to be tried again, and `busy` one that is not to be tried again for two seconds.
 */
export async function openDeliveryNode(options: DeliveryNodeOptions): Promise<DeliveryNode> {
  @Injectable()
  class TestChannel implements OnModuleInit {
    constructor(
      private readonly deliveries: Deliveries,
      private readonly jobs: Jobs,
    ) {}

    onModuleInit(): void {
      for (const [name, batch] of Object.entries(options.batches ?? {})) this.jobs.everyMinute(name, batch);
      const deliver: DeliveryChannel['deliver'] = (delivery, signal) => this.deliver(delivery, signal);
      for (const channel of [testChannel, otherChannel])
        this.deliveries.register({ channel, schedule: options.schedule, deliver });
    }

    private async deliver({ id, approvalId }: DeliveryTry, signal: AbortSignal): Promise<DeliveryOutcome> {
      if (approvalId === 'obsolete') return 'obsolete';
      if (approvalId === 'careless') throw new Error('the secret is 314159');
      const { status } = await client.request({
        url: `${options.receiverUrl}/${approvalId}`,
        method: 'POST',
        headers: { 'X-Delivery': id },
        timeoutSeconds: options.timeoutSeconds,
        maxResponseBytes: 1_000,
        signal,
      });
      const next = approvalId === 'refused' ? { retry: false } : approvalId === 'busy' ? { notBeforeSeconds: 2 } : {};
      if (status >= 300) throw new DeliveryFailed(`The answer was ${status}`, next);
      return 'delivered';
    }
  }

  const dataSource = await createDataSource(
    { url: options.databaseUrl },
    { ...serverContents.schema, poolSize: 10 },
  ).initialize();

  @Module({
    imports: [DatabaseModule.register(dataSource), JobsModule, DeliveryModule, ObservabilityModule],
    providers: [TestChannel],
  })
  class TestModule {}

  const app = await NestFactory.createApplicationContext(TestModule, { logger: loggerOf(options) });
  return { app, dataSource };
}

function loggerOf({ warned }: DeliveryNodeOptions): LoggerService | false {
  const nothing = (): void => undefined;
  return warned === undefined
    ? false
    : {
        log: nothing,
        error: nothing,
        warn: (facts: unknown, message: unknown) => {
          warned(String(message ?? facts));
        },
      };
}

/** SQL: queues a delivery about each of the approvals `$1` of the tenant `tenant`. */
export const queueTo = (
  channel: string,
  endpoint?: string,
): string => `WITH moved AS (SELECT 'tenant' AS tenant_id, unnest($1::text[]) AS id),
  queued AS (${queueDelivery({ channel, from: 'moved', endpoint })}) SELECT count(*) FROM moved`;
