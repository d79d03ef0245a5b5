import { defineApi } from '../approvals/define-api';
import { type Definition } from '../platform/openapi/documents';
import { type Webhook } from '../platform/openapi/webhooks';
import { Signature1763700000003 } from './migrations/1763700000003-signature';
import { SignatureOwner1763700000303 } from './migrations/1763700000303-signature-owner';
import { SignatureRoom1763700000305 } from './migrations/1763700000305-signature-room';
import { SealedSignatures1763700000501 } from './migrations/1763700000501-sealed-signatures';
import { SignatureBeginAndEnd1763700000702 } from './migrations/1763700000702-signature-begin-and-end';
import { SignatureSearch1763700000811 } from './migrations/1763700000811-signature-search';
import { callbackSchedule, deliveryIdHeader, finishedMessage } from './result/callback.channel';
import { answerBy, successOf } from './signature.answers';
import { SignatureResult } from './signature.dto';
import { deviceErrorFormat, signatureErrorFormat } from './signature.error-format';
import { Signature } from './signature.entity';
import { signatureLifecycle } from './signature.lifecycle';
import { SignatureModule } from './signature.module';
import { callbackChannel, onceEnded } from './signature.topics';

const scheduleInWords = callbackSchedule.map((seconds) => `${seconds} s`).join(', ');

const callback: Webhook = {
  summary: 'A transaction is over',
  description: [
    'Posted to the `callbackUrl` of the start, with its `callBackHeaders`, however the transaction has ended. Any 2xx',
    `within 10 s is success; otherwise it is posted again, with the same \`X-Delivery-Id\`, after ${scheduleInWords}.`,
  ].join(' '),
  tag: 'Signatures',
  body: answerBy('users', 'FinishedSignature', { type: [SignatureResult], minItems: 1, maxItems: 1 }),
  examples: {
    confirmed: finished({ deviceId: '4711', signatureResult: 'CONFIRMED', signature: 'eyJhbGciOiJFUzI1NiJ9.eyJ0…' }),
    cancelled: finished({ deviceId: '-1', signatureResult: 'CANCELLED' }),
  },
  headers: { [deliveryIdHeader]: '8a4f2c86-6a39-4f0c-9d0e-3f6f2f1f0a11' },
};

const digitaniumDefinition: Definition = {
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
  webhooks: { callback },
};

const deviceDefinition: Definition = {
  name: 'device',
  title: 'Devices',
  description: 'What a device that signs calls: to be enrolled, to fetch transactions, and to decide.',
  bases: ['/device', '/sandbox/devices'],
  examples: { transactionId: 'demo', deviceId: '1' },
};

/** KOBIL Digitanium v4, and what its devices call. */
export const signatureApi = defineApi({
  name: 'signature',
  module: SignatureModule,
  entities: [Signature],
  migrations: [
    Signature1763700000003,
    SignatureOwner1763700000303,
    SignatureRoom1763700000305,
    SealedSignatures1763700000501,
    SignatureBeginAndEnd1763700000702,
    SignatureSearch1763700000811,
  ],
  lifecycle: signatureLifecycle,
  finding: {
    person: ['user_id = :userId::text'],
    device: `user_id = (SELECT user_id FROM device WHERE id = :device::bigint AND tenant_id = :tenantId) AND devices ? :device::text`,
    facts: {
      userId: 'user_id',
      devices: 'devices',
      pinRequired: 'pin_required',
      hasCallback: 'callback_url IS NOT NULL',
      decidedBy: 'decided_by',
    },
    channels: [callbackChannel],
    onceEnded,
  },
  errorFormats: [signatureErrorFormat, deviceErrorFormat],
  openapi: [digitaniumDefinition, deviceDefinition],
});

function finished(result: Omit<SignatureResult, 'userId' | 'transactionId'>): object {
  const { deviceId, ...decided } = result;
  return successOf('users', finishedMessage, [{ deviceId, userId: 'alice', transactionId: 'demo', ...decided }]);
}
