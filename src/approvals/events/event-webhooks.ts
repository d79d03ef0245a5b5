import { type Webhook, type Webhooks } from '../../platform/openapi/webhooks';
import { type EventType } from './event-endpoint.entity';
import { eventSchedule } from './event.channel';
import { ApprovalEvent, FreezeEvent, RecallEvent, TestEvent } from './events.dto';

const timestamp = '2025-01-15T10:30:00.000Z';
const by = { actor: 'operator:carol', reason: 'telephone call', at: timestamp };
const approval = { tenant: 'acme', kind: 'otp', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' };
const recall = '8a4f2c86-6a39-4f0c-9d0e-3f6f2f1f0a11';
const freeze = {
  tenant: 'acme',
  id: '2b7c9a54-4f0e-4f8e-8f43-0f6f0c1d2e3b',
  recall,
  endsAt: '2025-01-15T11:30:00.000Z',
};

const headers = {
  'webhook-id': '8a4f2c86-6a39-4f0c-9d0e-3f6f2f1f0a11',
  'webhook-timestamp': '1736937000',
  'webhook-signature':
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
};

const inWords = (seconds: number): string =>
  seconds % 3600 === 0 ? `${seconds / 3600} h` : seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;

const posted = [
  'Posted and signed as [Standard Webhooks 1.0](https://www.standardwebhooks.com) has it, by the secret of the event',
  'endpoint (`v1`), whose public key verifies `v1a`. Any 2xx within 15 s is success, and 410 disables the endpoint. After',
  `anything else it is posted again, under the same \`webhook-id\`: after ${eventSchedule.map(inWords).join(', ')},`,
  'each up to a fifth longer, and not before a `Retry-After` of at most a day.',
].join(' ');

const event = (summary: string, body: Webhook['body'], examples: Webhook['examples']): Webhook => ({
  summary,
  description: posted,
  tag: 'Events',
  body,
  examples,
  headers,
});

const begun = {
  ...approval,
  state: 'pending',
  transition: 'begin',
  actor: 'tenant:backend',
  reason: null,
  at: timestamp,
};

/** The events, as a document describes them. */
export const eventWebhooks = {
  'approval.begun': event('An approval has begun', ApprovalEvent, {
    begun: { type: 'approval.begun', timestamp, data: begun },
  }),
  'approval.ended': event('An approval has ended, one way or another', ApprovalEvent, {
    recalled: {
      type: 'approval.ended',
      timestamp,
      data: { ...approval, state: 'cancelled', transition: 'cancel', ...by },
    },
    timedOut: {
      type: 'approval.ended',
      timestamp,
      data: { ...begun, state: 'expired', transition: 'lapse', actor: 'clock' },
    },
  }),
  'recall.done': event('A recall has ended all that it is to end', RecallEvent, {
    done: { type: 'recall.done', timestamp, data: { tenant: 'acme', id: recall, ended: 3, ...by } },
  }),
  'freeze.begun': event('A freeze has begun: nothing new begins for its subject', FreezeEvent, {
    begun: { type: 'freeze.begun', timestamp, data: { ...freeze, ...by } },
  }),
  'freeze.ended': event('A freeze is over, or has been lifted', FreezeEvent, {
    over: { type: 'freeze.ended', timestamp, data: { ...freeze, ...by, actor: 'clock' } },
  }),
  'endpoint.test': event('A test that was asked for', TestEvent, {
    test: {
      type: 'endpoint.test',
      timestamp,
      data: { tenant: 'acme', endpoint: '0b2e7a1c-5f0e-4a55-9d0a-3f6f0c1d2e3b' },
    },
  }),
} as const satisfies Webhooks & Record<EventType, Webhook>;
