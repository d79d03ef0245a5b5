import { randomInt, randomUUID } from 'node:crypto';
import request, { type Test } from 'supertest';
import { type TestTenant } from './fixtures';
import { type TestApplication } from './test-app';

/** An application for these clients: it believes them which address they come from. */
export const behindProxy = { trustProxy: 'loopback' };

export interface MadeOtp {
  readonly id: string;
  readonly scope: string;
  readonly recipient: string;
  /** What lies in the recipient's inbox. */
  readonly code: string;
}

export const anyAddress = (): string => Array.from({ length: 4 }, () => randomInt(1, 255)).join('.');

/** The tenant's backend; each call comes from an address of its own, and by turns to each node. */
export class OtpClient {
  private turn = 0;

  constructor(
    private readonly application: Pick<TestApplication, 'url'> & {
      readonly nodes: readonly { readonly url: string }[];
    },
    private readonly tenant: Pick<TestTenant, 'token'>,
  ) {}

  post(action: string, body: object | string, headers: Readonly<Record<string, string>> = {}): Test {
    const typed = { 'Content-Type': 'application/json', ...headers };
    return this.prepare(request(this.nextUrl()).post(`/otp/${action}`), typed).send(body);
  }

  status(id: string, scope: string): Test {
    return this.prepare(request(this.nextUrl()).get(`/otp/${id}`), {}).query({ scope });
  }

  /** Makes an OTP and fetches its code from the inbox. */
  async make(input: object = {}, headers: Readonly<Record<string, string>> = {}): Promise<MadeOtp> {
    const recipient = `${randomUUID()}@example.com`;
    const wanted = { scope: 'reset_password', method: 'email', recipient, ...input };
    const { body } = await this.post('create', wanted, headers).expect(201);
    const { id } = body.data;
    const message = (await this.inbox(wanted.recipient)).find(({ otpId }) => otpId === id)!;
    return { id, scope: wanted.scope, recipient: wanted.recipient, code: message.code };
  }

  async inbox(recipient: string): Promise<{ otpId: string; code: string; text: string; method: string }[]> {
    const { body } = await request(this.application.url).get('/sandbox/inbox').query({ recipient }).expect(200);
    return body.messages;
  }

  private prepare(test: Test, headers: Readonly<Record<string, string>>): Test {
    return test.set({ 'x-tenant-token': this.tenant.token, 'X-Forwarded-For': anyAddress(), ...headers });
  }

  private nextUrl(): string {
    this.turn += 1;
    return this.application.nodes[this.turn % this.application.nodes.length]!.url;
  }
}

/** Another code of the same length. */
export const wrong = (code: string): string => String((Number(code[0]) + 1) % 10) + code.slice(1);

/** Transitions the approvals' clock. */
export async function advance({ dataSource }: TestApplication, seconds: number): Promise<void> {
  await dataSource.query(`UPDATE approval_clock SET advance = advance + make_interval(secs => $1)`, [seconds]);
}
