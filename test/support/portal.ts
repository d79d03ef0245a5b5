import { registerTenant, type TestRelyingParty } from './fixtures';
import { PortalVisitor } from './portal-visitor';
import { initiate } from './sign-requests';
import { openApplication, type TestApplication } from './test-app';

export const alice = { name: 'Alice Tan', id: 'S1111111A' };
export const bob = { name: 'Bob Lim', id: 'S2222222B' };

/** A sandbox of so many nodes with one relying party, for the tests of one `describe`; to be called in it. */
export function usePortal(nodes = 1) {
  let application: TestApplication;
  let party: TestRelyingParty;
  beforeAll(async () => {
    application = await openApplication({ sandbox: true }, nodes);
    ({ relyingParty: party } = await registerTenant(application.dataSource));
    await application.dataSource.query(`UPDATE relying_party SET redirect_url = 'https://rp.example/done?a=1'`);
  });
  afterAll(() => application.close());
  return {
    get application() {
      return application;
    },
    get party() {
      return party;
    },
    /** Initiates a request and answers its id and the path of its page. */
    begin: async (claims: object = {}) => {
      const initiated = await initiate(application.url, party, { ...claims });
      return { id: initiated.request_id, page: new URL(initiated.signing_url).pathname };
    },
    /** As stored. */
    stateOf: async (id: string) => {
      const [row] = await application.dataSource.query<{ status: string }[]>(
        `SELECT status FROM sign_request WHERE id = $1`,
        [id],
      );
      return row!.status;
    },
    visitor: (person = alice) => new PortalVisitor(application.url, person),
  };
}
