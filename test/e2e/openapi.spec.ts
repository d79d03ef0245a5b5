import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OpenAPIObject } from '@nestjs/swagger';
import request from 'supertest';
import { serverContents } from '../../src/app.module';
import { errorFormatOf } from '../../src/platform/envelope/error-format';
import { portalErrorFormat } from '../../src/sign-request/portal/portal.errors';
import { routesOf } from '../support/routes';
import { openApplication, type TestApplication } from '../support/test-app';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly example?: string }[];
  readonly responses: Readonly<Record<string, { content?: Record<string, { examples?: object; schema?: object }> }>>;
}

const folder = join(__dirname, '../../openapi');

describe('The documents of the API', () => {
  let application: TestApplication;
  let served: Map<string, OpenAPIObject>;
  beforeAll(async () => {
    application = await openApplication({ sandbox: true });
    const answers = serverContents.documents.map(async ({ name }) => {
      const { body } = await request(application.url).get(`/openapi/${name}.json`).expect(200);
      return [name, body] as const;
    });
    served = new Map(await Promise.all(answers));
  });
  afterAll(() => application.close());

  const operations = (): { name: string; operation: Operation }[] =>
    [...served].flatMap(([document, { paths }]) =>
      Object.entries(paths).flatMap(([path, item]) =>
        Object.entries(item).map(([method, operation]) => ({
          name: `${document}: ${method} ${path}`,
          operation: operation as Operation,
        })),
      ),
    );

  it('are committed as they are served; npm run openapi writes them anew', async () => {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
    const committed = await Promise.all(
      files.map(async (file) => [file, JSON.parse(await readFile(join(folder, file), 'utf8'))] as const),
    );
    const expected = [...served].map(([name, document]) => [`${name}.json`, document] as const);
    expect(Object.fromEntries(committed)).toEqual(Object.fromEntries(expected));
  });

  it('give every operation a summary, a tag, an id of its own and its security', () => {
    const lacking = operations().filter(
      ({ operation: { summary, tags, operationId, security } }) =>
        !summary || !operationId || !Array.isArray(security) || !tags.length,
    );
    expect(lacking.map(({ name }) => name)).toEqual([]);
    for (const [, { paths }] of served) {
      const ids = Object.values(paths).flatMap((item) =>
        Object.values(item).map((each) => (each as Operation).operationId),
      );
      expect(ids).toEqual([...new Set(ids)]);
    }
  });

  it('show an example of every answer, save one without content', () => {
    const lacking = operations().flatMap(({ name, operation }) =>
      Object.entries(operation.responses)
        .filter(([status]) => !['204', '302', '303'].includes(status))
        .filter(
          ([, { content = {} }]) => !Object.values(content).some(({ examples, schema }) => examples ?? isFile(schema)),
        )
        .map(([status]) => `${name}: ${status}`),
    );
    expect(lacking).toEqual([]);
  });

  it('fill in every part of an address, so that it can be tried at once', () => {
    const lacking = operations().flatMap(({ name, operation: { parameters = [] } }) =>
      parameters
        .filter((each) => each.in === 'path' && each.example === undefined)
        .map((each) => `${name}: ${each.name}`),
    );
    expect(lacking).toEqual([]);
  });

  it('hold every route that has an error format, with the security that its guard asks for', () => {
    const routes = routesOf(application.nodes[0]!.app).filter(({ path }) => {
      const errorFormat = errorFormatOf(serverContents.errorFormats, path);
      return errorFormat !== undefined && errorFormat !== portalErrorFormat;
    });
    expect(routes).not.toEqual([]);
    for (const { path, method, rule } of routes) {
      const documented = [...served.values()].flatMap(({ paths }) => {
        const operation = (paths[path] as Record<string, Operation> | undefined)?.[method];
        return operation === undefined ? [] : [operation.security];
      });
      const strategies = rule === undefined || rule.by === 'public' ? [] : Object.keys(rule.by.strategies);
      expect({ path, method, documented: documented[0] }).toEqual({
        path,
        method,
        documented: strategies.map((strategy) => ({ [strategy]: [] })),
      });
    }
  });

  it('are tried out in a Swagger UI that keeps no token', async () => {
    const { text } = await request(application.url).get('/docs/swagger-ui-init.js').expect(200);
    expect(text).toContain('displayRequestDuration');
    expect(text).not.toContain('persistAuthorization');
  });

  it('can be chosen in Swagger UI, which loads nothing from other hosts', async () => {
    const page = await request(application.url).get('/docs').expect(200);
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source!);
    expect(sources).toContain('./docs/swagger-ui-bundle.js');
    expect(sources.filter((source) => !source.startsWith('./docs/'))).toEqual([]);
    for (const source of sources) await request(application.url).get(source.slice(1)).expect(200);
    expect(page.text).not.toMatch(/<script>/);
    const { text } = await request(application.url).get('/docs/swagger-ui-init.js').expect(200);
    for (const { name } of serverContents.documents) expect(text).toContain(`/openapi/${name}.json`);
  });
});

const isFile = (schema?: object): boolean | undefined =>
  (schema as { format?: string } | undefined)?.format === 'binary' || undefined;
