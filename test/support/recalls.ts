import { randomUUID } from 'node:crypto';
import request, { type Test } from 'supertest';
import { type DataSource } from 'typeorm';
import { type TestTenant } from './fixtures';
import { type OtpClient } from './otp-client';
import { testAdminToken } from './test-app';

export interface ToldApproval {
  readonly kind: string;
  readonly id: string;
  readonly before: string;
  readonly after: string;
  readonly ended: boolean;
  readonly at: string | null;
}

/** An operator who recalls what is pending in one tenant. */
export class RecallDesk {
  constructor(
    private readonly url: string,
    private readonly tenant: Pick<TestTenant, 'id'>,
    private readonly token: string = testAdminToken,
  ) {}

  post(body: object, headers: Readonly<Record<string, string>> = {}): Test {
    const order = { tenant: this.tenant.id, reason: 'tried', ...body };
    return request(this.url).post('/admin/v1/recalls').auth(this.token, { type: 'bearer' }).set(headers).send(order);
  }

  /** What a recall of this target met. */
  async recall(target: object, more: object = {}): Promise<ToldApproval[]> {
    const { status, body } = await this.post({ target, ...more });
    if (status !== 200) throw new Error(`The recall was answered ${status} ${JSON.stringify(body)}`);
    return body.approvals;
  }

  get(path: string): Test {
    return request(this.url).get(`/admin/v1/recalls${path}`).auth(this.token, { type: 'bearer' });
  }

  cancel(id: string): Test {
    return request(this.url).delete(`/admin/v1/recalls/${id}`).auth(this.token, { type: 'bearer' });
  }
}

/** Creates an OTP for this recipient, and answers its id. */
export async function createOtp(client: OtpClient, recipient = `${randomUUID()}@example.com`, scope = 'otp_signin') {
  const method = recipient.includes('@') ? 'email' : 'sms';
  const { body } = await client.post('create', { scope, method, recipient }).expect(201);
  return body.data.id as string;
}

/** The last row of an approval's history. */
export async function lastRow(dataSource: DataSource, id: string) {
  const [row] = await dataSource.query<{ move: string; from: string; to: string; actor: string; reason: string }[]>(
    'SELECT move, "from", "to", actor, reason FROM history WHERE approval = $1 ORDER BY seq DESC LIMIT 1',
    [id],
  );
  return row;
}
