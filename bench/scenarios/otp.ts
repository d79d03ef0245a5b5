import { ulid } from 'ulid';
import { type Scenario } from '.';

export const otpScenario: Scenario = {
  name: 'POST /otp/cancel',
  prepare: async ({ dataSource, tenant }, count) => {
    const ids = Array.from({ length: count }, () => ulid());
    await dataSource.query(
      `INSERT INTO otp (tenant_id, id, status, revision, head, expires_at, scope, method, recipient_hash, code_hash, max_attempts)
       SELECT $1, id, 'pending', 1, '', clock_timestamp() + interval '10 minutes', 'otp_signin', 'email', convert_to(id, 'UTF8'), '', 5
       FROM unnest($2::text[]) AS id`,
      [tenant.id, ids],
    );
    return ids.map((id, index) => ({
      method: 'POST',
      path: '/otp/cancel',
      headers: {
        'content-type': 'application/json',
        'x-tenant-token': tenant.token,
        // From as many addresses as there are calls, so that no one's limit is met.
        'x-forwarded-for': `10.${(index >> 12) & 255}.${(index >> 6) & 63}.${index & 63}`,
      },
      body: JSON.stringify({ id, scope: 'otp_signin' }),
    }));
  },
};
