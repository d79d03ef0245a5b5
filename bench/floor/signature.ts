import { randomUUID } from 'node:crypto';
import { type Pool } from 'pg';
import { cancelSignature } from '../../src/signature/signature.repository';
import { type FloorHandler } from './main';
import { query } from './query';
import { publicKey, verifiedClaims } from './token';

let signingKey: ReturnType<typeof loadKey> | undefined;

async function loadKey(pool: Pool) {
  const { rows } = await pool.query<{ public_jwk: object }>('SELECT public_jwk FROM signing_key');
  return publicKey(rows[0]?.public_jwk ?? {});
}

/** Token, cancel. */
export const cancelSignatureCall: FloorHandler = async ({ request, body, pool }) => {
  const token = String(request.headers.authorization).slice('Bearer '.length);
  verifiedClaims(token, await (signingKey ??= loadKey(pool)));
  const { transactionId } = JSON.parse(body) as { transactionId: string };
  const key = { tenantId: 'bench', userId: 'alice', id: transactionId };
  const values = { ...key, everyDevice: true, deviceIds: [], actor: 'bearer:backend', requestId: randomUUID() };
  const [outcome] = await query<{ before: string }>(pool, cancelSignature.statement, values);
  const data = [{ deviceId: '-1', ...key, cancelResult: 'TRANSACTION_DISCARDED_FROM_SERVER' }];
  return outcome?.before === 'waiting' ? [200, { subSystem: 5, status: 'OK', data }] : [409, {}];
};
