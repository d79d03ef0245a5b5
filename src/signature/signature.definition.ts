import { type Definition } from '../platform/openapi/documents';
import { callbackSchedule } from './result/callback.channel';

const scheduleInWords = callbackSchedule.map((seconds) => `${seconds} s`).join(', ');

export const digitaniumDefinition: Definition = {
  name: 'digitanium-v4',
  title: 'Digitanium v4',
  description: [
    'Transactions that a user is asked to sign on a device, and that can be called back until the moment they are signed.',
    'Each call has two addresses: one where the host names the tenant (`{tenantId}.{hostname}`; on a plain host the',
    'access token’s own tenant is meant), and one where the path does.',
    '\n\nA start with a `callbackUrl` is answered at once, and the result posted there, with an `X-Delivery-Id` that is the',
    `same on each try: any 2xx within 10 s is success; otherwise it is tried again after ${scheduleInWords}.`,
    'A start without one is answered with the result.',
  ].join(' '),
  bases: ['/digitanium', '/auth', '/sandbox/clock'],
  examples: { tenantId: 'demo', userId: 'alice', deviceId: '1' },
};

export const deviceDefinition: Definition = {
  name: 'device',
  title: 'Devices',
  description: 'What a device that signs calls: to be enrolled, to fetch transactions, and to decide.',
  bases: ['/device', '/sandbox/devices'],
  examples: { transactionId: 'demo', deviceId: '1' },
};
