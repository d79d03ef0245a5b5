import { randomUUID } from 'node:crypto';
import { type Scenario } from '.';

export const signRequestScenario: Scenario = {
  name: 'POST /api/v3/sign-requests/cancel',
  prepare: async ({ dataSource, tenant }, count) => {
    const ids = Array.from({ length: count }, () => `signv3-${randomUUID()}`);
    await dataSource.query(
      `INSERT INTO sign_request (tenant_id, id, status, revision, head, expires_at, client_id, doc_name, sign_locations, link_hash, exchange_code_hash)
       SELECT $1, id, 'pending', 1, '', clock_timestamp() + interval '30 minutes', $2, '\\xff7365616c31', '[]', convert_to(id, 'UTF8'), ''
       FROM unnest($3::text[]) AS id`,
      [tenant.id, tenant.relyingParty.clientId, ids],
    );
    const tokens = await Promise.all(ids.map((id) => tenant.relyingParty.token({ request_id: id })));
    return tokens.map((token) => ({
      method: 'POST',
      path: '/api/v3/sign-requests/cancel',
      headers: { 'content-type': 'application/json', authorization: token },
    }));
  },
};
