import { randomUUID } from 'node:crypto';
import { type Scenario } from '.';

export const signatureScenario: Scenario = {
  name: 'DELETE /digitanium/v4/users/signature/{userId}',
  prepare: async ({ dataSource, tenant }, count, url) => {
    const ids = Array.from({ length: count }, () => randomUUID());
    await dataSource.query(
      `INSERT INTO signature (tenant_id, id, status, revision, head, expires_at, user_id, devices, signature_seconds, message, pin_required, content_hash)
       SELECT $1, id, 'waiting', 1, '', clock_timestamp() + interval '10 minutes', $2, '{}', 600, '\\xff7365616c31', false, ''
       FROM unnest($3::text[]) AS id`,
      [tenant.id, tenant.userId, ids],
    );
    const { clientId, clientSecret } = tenant.oauthClient;
    const granted = await fetch(`${url}/auth/realms/${tenant.id}/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
    });
    const { access_token: token } = (await granted.json()) as { access_token: string };
    return ids.map((transactionId) => ({
      method: 'DELETE',
      path: `/digitanium/v4/users/signature/${tenant.userId}`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ deviceId: ['-1'], transactionId }),
    }));
  },
};
