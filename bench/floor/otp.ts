import { createHash, randomUUID } from 'node:crypto';
import { cancelOtp } from '../../src/otp/otp.repository';
import { countCall } from '../../src/platform/rate-limit/rate-limits';
import { type FloorHandler } from './main';
import { query } from './query';

/** Rate limit, token hash, cancel. */
export const cancelOtpCall: FloorHandler = async ({ request, body, pool }) => {
  const key = createHash('sha256').update(String(request.headers['x-forwarded-for'])).digest('hex');
  await query(pool, countCall, { key, windowSeconds: 3600, limit: 30 });
  createHash('sha256').update(String(request.headers['x-tenant-token'])).digest();
  const { id, scope } = JSON.parse(body) as { id: string; scope: string };
  const requestId = randomUUID();
  const values = { tenantId: 'bench', id, scope, actor: 'tenant:backend', requestId };
  const [outcome] = await query<{ before: string }>(pool, cancelOtp.statement, values);
  const meta = { requestId, timestamp: new Date().toISOString() };
  return outcome?.before === 'pending' ? [201, { meta, data: { success: true } }] : [422, { meta }];
};
