import { randomUUID } from 'node:crypto';
import { type Pool } from 'pg';
import { cancelSignRequest } from '../../src/sign-request/sign-request.repository';
import { type FloorHandler } from './main';
import { query } from './query';
import { publicKey, verifiedClaims } from './token';

let keyOfParty: ReturnType<typeof loadKey> | undefined;

async function loadKey(pool: Pool) {
  const { rows } = await pool.query<{ jwks: { keys: [object] } }>('SELECT jwks FROM relying_party');
  return publicKey(rows[0]?.jwks.keys[0] ?? {});
}

/** Token, cancel. */
export const cancelSignRequestCall: FloorHandler = async ({ request, pool }) => {
  const key = await (keyOfParty ??= loadKey(pool));
  const { client_id: clientId, request_id: id } = verifiedClaims(String(request.headers.authorization), key);
  const values = { tenantId: 'bench', clientId, id, actor: 'relying-party:bench', requestId: randomUUID() };
  const [outcome] = await query<{ before: string }>(pool, cancelSignRequest.statement, values);
  return outcome?.before === 'pending' ? [200, {}] : [400, {}];
};
