import request, { type Test } from 'supertest';
import { testAdminToken } from './test-app';

export interface ListedApproval {
  readonly kind: string;
  readonly id: string;
  readonly state: string;
  readonly begunAt: string;
  readonly endedAt: string | null;
  readonly endedBy: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** An operator who looks at the approvals of one tenant. */
export class ApprovalDesk {
  constructor(
    private readonly url: string,
    private readonly tenantId: string,
    private readonly token = testAdminToken,
  ) {}

  get(path: string, query: object = {}): Test {
    return request(this.url)
      .get(`/admin/v1/approvals${path}`)
      .query({ tenant: this.tenantId, ...query })
      .auth(this.token, { type: 'bearer' });
  }

  async find(query: object): Promise<ListedApproval[]> {
    const { status, body } = await this.get('', query);
    if (status !== 200) throw new Error(`The search was answered ${status} ${JSON.stringify(body)}`);
    return body.items;
  }

  async ids(query: object): Promise<string[]> {
    return (await this.find(query)).map(({ id }) => id);
  }

  /** All pages, each of `limit` at most; `between` runs after each. */
  async pages(query: object, limit: number, between: () => Promise<unknown> = () => Promise.resolve()) {
    const pages: ListedApproval[][] = [];
    let after: string | null | undefined;
    do {
      const { body } = await this.get('', { ...query, limit, ...(after && { after }) }).expect(200);
      pages.push(body.items);
      after = body.next;
      await between();
    } while (after);
    return pages;
  }
}
