import { apis } from '../../src/apis';
import { contentsWith } from '../../src/app.module';
import { errorFormatOf } from '../../src/platform/envelope/error-format';
import { documentsOf } from '../../src/platform/openapi/documents';
import { ask, type Question } from '../support/ask';
import { Credentials } from '../support/credentials';
import { expectEnvelope } from '../support/envelopes';
import { exampleBody } from '../support/example-body';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { hostileBodies, hostileHeaders, hostileQueries, hostileSegments, hostileValues } from '../support/hostile';
import { type Route, routesOf } from '../support/routes';
import { generousLimits, openApplication, type TestApplication } from '../support/test-app';
import { visitApi } from '../support/visit-api/visit.api';

// Each test asks some hundred questions of every route.
jest.setTimeout(120_000);

const contents = contentsWith([...apis, visitApi]);

const json = ['Content-Type', 'application/json'];

/** Walks over all routes, those of a fourth API too, as a caller whom each of them knows. */
describe('Hostile input', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let credentials: Credentials;
  let routes: readonly Route[];
  let goodBodies: ReadonlyMap<Route, Record<string, unknown>>;
  beforeAll(async () => {
    application = await openApplication({ sandbox: true, trustProxy: 1, ...generousLimits }, 1, contents);
    tenant = await registerTenant(application.dataSource);
    credentials = await Credentials.of(tenant, application.url);
    const { app } = application.nodes[0]!;
    const documents = [...documentsOf(app, contents).values()];
    routes = routesOf(app);
    goodBodies = new Map(
      routes.map((route) => [route, Object.assign({}, ...documents.map((each) => exampleBody(each, route)))]),
    );
  });
  afterAll(async () => {
    await application.close();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  /** The route's address, with `segment` in place of one of its parameters. */
  const addressOf = ({ path, method, by }: Route, parameter?: string, segment?: string): string => {
    // The administrator must not delete what the other callers act for.
    const spared = by === 'admin' && method === 'delete';
    return path.replace(/\{(\w+)\}/g, (_, name: string) => {
      if (name === parameter) return segment!;
      return name === 'tenantId' && !spared ? tenant.id : 'a';
    });
  };

  let asked = 0;

  const expectNoHarm = async (route: Route, question: Omit<Question, 'method'>, claims?: object): Promise<void> => {
    asked += 1;
    // Each from an address of its own, so that no limit on addresses hides what is behind it.
    const address = ['X-Forwarded-For', `10.${(asked >> 16) & 255}.${(asked >> 8) & 255}.${asked & 255}`];
    const known = await credentials.headersFor(route.by, claims);
    const headers = [...address, ...known, ...(question.headers ?? [])];
    const answer = await ask(application.url, { ...question, method: route.method.toUpperCase(), headers });
    const told = { route: route.path, ...question, claims };
    expect({ ...told, harmed: answer.status >= 500 && answer.text }).toEqual({ ...told, harmed: false });
    if (errorFormatOf(contents.errorFormats, route.path) !== undefined) expectEnvelope(route.path, answer);
  };

  const thatRead = (): Route[] => routes.filter(({ method }) => method === 'get');
  const thatChange = (): Route[] => routes.filter(({ method }) => method !== 'get');

  it('in a body does no harm', async () => {
    for (const route of thatChange())
      await Promise.all(
        hostileBodies.map((body) => expectNoHarm(route, { path: addressOf(route), headers: json, body })),
      );
  });

  it('in a field does no harm', async () => {
    for (const route of thatChange()) {
      const good = { ...goodBodies.get(route) };
      // One that waits for a result should not wait for long.
      if ('signatureTimeout' in good) Object.assign(good, { signatureTimeout: '1', deviceGoOnlineTimeout: '1' });
      for (const field of Object.keys(good))
        await Promise.all(
          hostileValues.map((value) => {
            const body = JSON.stringify({ ...good, [field]: value });
            return expectNoHarm(route, { path: addressOf(route), headers: json, body });
          }),
        );
    }
  });

  it('in the address does no harm', async () => {
    for (const route of routes)
      for (const [, parameter] of route.path.matchAll(/\{(\w+)\}/g))
        await Promise.all(
          hostileSegments.map((segment) =>
            expectNoHarm(route, { path: addressOf(route, parameter, segment), headers: json, body: '{}' }),
          ),
        );
  });

  it('in the query does no harm', async () => {
    const names = ['approval', 'tenant', 'limit', 'after', 'scope', 'state', 'wait', 'recipient', '__proto__'];
    for (const route of thatRead())
      for (const name of names)
        await Promise.all(
          hostileQueries(name).map((query) => expectNoHarm(route, { path: `${addressOf(route)}?${query}` })),
        );
  });

  it('in headers does no harm', async () => {
    for (const route of routes)
      await Promise.all(
        hostileHeaders.map((headers) => {
          const body = route.method === 'get' ? undefined : '{}';
          return expectNoHarm(route, { path: addressOf(route), headers, body });
        }),
      );
  });

  it('in the claims of a token does no harm', async () => {
    const good = { doc_name: 'a.pdf', sign_locations: [{ x: 0.1, y: 0.1, page: 1 }], request_id: 'signv3-a' };
    const others = ['client_request', 'signer_uin_hash', 'x', 'y', 'page', 'exchange_code', 'jti', 'iat', 'exp'];
    // Longer ones make the token itself too long.
    const values = hostileValues.filter((value) => JSON.stringify(value).length < 5_000);
    for (const route of routes.filter(({ by }) => by === 'relying-party'))
      for (const claim of [...Object.keys(good), ...others])
        await Promise.all(
          values.map((value) => {
            const headers = ['Content-Type', 'application/pdf'];
            const body = route.method === 'get' ? undefined : '%PDF-1.4';
            return expectNoHarm(route, { path: addressOf(route), headers, body }, { ...good, [claim]: value });
          }),
        );
  });
});
