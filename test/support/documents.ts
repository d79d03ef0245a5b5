import { type OutgoingHttpHeaders } from 'node:http';
import { type OpenAPIObject } from '@nestjs/swagger';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { errorFormatOf, type ErrorFormat } from '../../src/platform/envelope/error-format';
import { problemErrorFormat } from '../../src/platform/envelope/problem.error-format';
import { type Route } from './routes';

export interface GivenAnswer {
  readonly method: string;
  /** Without a query. */
  readonly path: string;
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

interface DocumentedResponse {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly content?: Readonly<
    Record<
      string,
      { readonly schema: object; readonly examples?: Readonly<Record<string, { readonly value: unknown }>> }
    >
  >;
}

interface DocumentedOperation {
  readonly method: string;
  readonly path: string;
  readonly pattern: RegExp;
  /** Where it is: `otp#/paths/~1otp~1cancel/post`. */
  readonly pointer: string;
  readonly responses: Readonly<Record<string, DocumentedResponse>>;
}

/** What this server posts: a webhook of one of the documents. */
interface DocumentedWebhook {
  readonly name: string;
  /** Where the schema of its body is. */
  readonly schema: string;
  readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
}

/** What an address may answer that no operation has: it reaches no guard and no controller. */
const statusesOfNoOperation = [400, 403, 404, 405, 408, 413, 431, 503];

/** Pages and files for people, and what operators look at: no document describes them. */
const undescribed = /^\/(sign|phone|identity|sign-assets|docs|openapi|health|metrics)(\/|\.|$)/i;

/** Headers that clients act on; an answer with one of them must be documented with it. */
const promised = /^(retry-after|allow|www-authenticate|x-ratelimit-.*|ratelimit.*|rescind-.*)$/;

/** The OpenAPI documents, to hold answers against. What a schema does not name, an answer may not have. */
export class Documents {
  private readonly ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
  private readonly operations: readonly DocumentedOperation[];
  private readonly webhooks: readonly DocumentedWebhook[];
  /** Where each named schema is, by its name. */
  private readonly schemas: ReadonlyMap<string, string>;

  constructor(
    documents: ReadonlyMap<string, OpenAPIObject>,
    private readonly errorFormats: readonly ErrorFormat[],
  ) {
    const all = [...documents];
    this.ajv.removeKeyword('contentSchema').addKeyword({
      keyword: 'contentSchema',
      type: 'string',
      validate: (schema: ContentSchema, token: string) => this.holds(schema, token),
    });
    for (const [name, document] of all) this.ajv.addSchema(closed(document) as object, name);
    this.operations = all.flatMap(([name, document]) => operationsOf(name, document));
    this.webhooks = all.flatMap(([name, document]) => webhooksOf(name, document));
    this.schemas = new Map(
      all.flatMap(([name, { components }]) =>
        Object.keys(components?.schemas ?? {}).map((each) => [each, `${name}#/components/schemas/${each}`] as const),
      ),
    );
  }

  /**
   * In what an answer is not as its document says.
   * @param routes that the server has: an administrator's only with an `ADMIN_TOKEN`, the sandbox's only in the sandbox
   */
  faultsIn(answer: GivenAnswer, routes: readonly Route[]): string[] {
    const found = this.operationOf(answer, routes);
    const faults = found === undefined ? this.faultsOfNone(answer) : this.faultsAt(found, answer);
    return faults.map((fault) => `${answer.method} ${answer.path} → ${answer.status}: ${fault}`);
  }

  /** In what a JSON body that this server posts is as none of the webhooks that the documents describe. */
  faultsInPosted(body: unknown): string[] {
    const faults = this.webhooks.map(({ name, schema }) =>
      this.invalid(schema, body).map((fault) => `${name}: ${fault}`),
    );
    return faults.some((each) => each.length === 0) ? [] : [`posted as no webhook is: ${faults.flat().join('; ')}`];
  }

  /** What is wrong with the examples themselves. */
  faultsInExamples(): string[] {
    const ofWebhooks = this.webhooks.flatMap(({ name, schema, examples }) =>
      Object.entries(examples).flatMap(([example, { value }]) =>
        this.invalid(schema, value).map((fault) => `${name} ${example}: ${fault}`),
      ),
    );
    return [...ofWebhooks, ...this.faultsInAnswers()];
  }

  private faultsInAnswers(): string[] {
    return this.operations.flatMap(({ pointer, responses }) =>
      Object.entries(responses).flatMap(([status, { content = {} }]) =>
        Object.entries(content).flatMap(([mediaType, { examples = {} }]) =>
          Object.entries(examples).flatMap(([name, { value }]) =>
            this.invalid(`${pointer}/responses/${status}/content/${escaped(mediaType)}/schema`, value).map(
              (fault) => `${pointer} ${status} ${name}: ${fault}`,
            ),
          ),
        ),
      ),
    );
  }

  private operationOf({ method, path }: GivenAnswer, routes: readonly Route[]): DocumentedOperation | undefined {
    const asked = method === 'HEAD' ? 'get' : method.toLowerCase();
    const isServed = (operation: DocumentedOperation): boolean =>
      routes.some((each) => each.path === operation.path && each.method === asked);
    // `/otp/create` comes before `/otp/{id}`.
    return this.operations
      .filter((each) => each.method === asked && each.pattern.test(path) && isServed(each))
      .sort((one, other) => parametersIn(one.path) - parametersIn(other.path))[0];
  }

  private faultsAt({ pointer, responses }: DocumentedOperation, answer: GivenAnswer): string[] {
    const response = responses[answer.status];
    if (response === undefined) return [`the status is not documented: ${answer.body.toString()}`];
    const { headers = {}, content = {} } = response;
    const documented = Object.entries(headers).map(([name, header]) => [name.toLowerCase(), header] as const);
    const names = documented.map(([name]) => name);
    const given = Object.keys(answer.headers);
    const faults = [
      ...given.filter((name) => promised.test(name) && !names.includes(name)).map((name) => `undocumented ${name}`),
      ...documented.filter(([name, { required }]) => required && !given.includes(name)).map(([name]) => `no ${name}`),
    ];
    if (answer.method === 'HEAD') return faults;
    const mediaType = mediaTypeOf(answer);
    if (Object.keys(content).length === 0)
      return [...faults, ...(answer.body.length > 0 ? ['the body is not documented'] : [])];
    if (content[mediaType] === undefined) return [...faults, `the media type ${mediaType} is not documented`];
    if (!mediaType.endsWith('json')) return faults;
    const where = `${pointer}/responses/${answer.status}/content/${escaped(mediaType)}/schema`;
    return [...faults, ...this.invalid(where, JSON.parse(answer.body.toString()))];
  }

  /** At an address that no operation has, an error is in the format of the address, and nothing else is answered. */
  private faultsOfNone(answer: GivenAnswer): string[] {
    if (undescribed.test(answer.path)) return [];
    if (!statusesOfNoOperation.includes(answer.status)) return ['no operation is documented'];
    const { errorBody } = errorFormatOf(this.errorFormats, answer.path) ?? problemErrorFormat;
    const where = this.schemas.get(errorBody?.name ?? '');
    if (where === undefined) return [`no document has the schema ${errorBody?.name}`];
    return answer.method === 'HEAD' ? [] : this.invalid(where, JSON.parse(answer.body.toString()));
  }

  private invalid(where: string, value: unknown): string[] {
    const validate = this.ajv.getSchema(where) as ValidateFunction | undefined;
    if (validate === undefined) return [`there is no schema at ${where}`];
    if (validate(value)) return [];
    return [`${this.ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`];
  }

  /** Whether a JSON Web Token holds what its schema says, of which ajv does not judge. */
  private holds({ prefixItems }: ContentSchema, token: string): boolean {
    const parts = partsOf(token);
    return prefixItems.every((part, index) => {
      const where = '$ref' in part && this.schemas.get(part.$ref.split('/').at(-1)!);
      return where ? this.invalid(where, parts[index]).length === 0 : this.ajv.validate(part, parts[index]);
    });
  }
}

interface ContentSchema {
  readonly prefixItems: readonly (object | { readonly $ref: string })[];
}

/** Header and claims of a JSON Web Token. */
function partsOf(token: string): unknown[] {
  return token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
}

function webhooksOf(document: string, { webhooks = {} }: OpenAPIObject): DocumentedWebhook[] {
  const all = webhooks as unknown as Readonly<
    Record<string, { readonly post: { readonly requestBody: DocumentedResponse } }>
  >;
  return Object.entries(all).flatMap(([name, { post }]) =>
    Object.entries(post.requestBody.content ?? {}).map(([mediaType, { examples = {} }]) => {
      const schema = `${document}#/webhooks/${escaped(name)}/post/requestBody/content/${escaped(mediaType)}/schema`;
      return { name, schema, examples };
    }),
  );
}

function operationsOf(name: string, { paths }: OpenAPIObject): DocumentedOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Pick<DocumentedOperation, 'responses'>>).map(([method, { responses }]) => ({
      method,
      path,
      pattern: new RegExp(`^${path.replace(/\./g, '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`, 'i'),
      pointer: `${name}#/paths/${escaped(path)}/${method}`,
      responses,
    })),
  );
}

/** The same document with schemas that allow no property they do not name. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const copy = Object.fromEntries(Object.entries(part).map(([name, each]) => [name, closed(each)]));
  const isObject = copy.type === 'object' && copy.properties !== undefined;
  return isObject ? { additionalProperties: false, ...copy } : copy;
}

const parametersIn = (path: string): number => path.split('{').length;

/** As a JSON pointer has it within a URI. */
const escaped = (key: string): string => encodeURIComponent(key.replace(/~/g, '~0').replace(/\//g, '~1'));

const mediaTypeOf = ({ headers }: GivenAnswer): string => String(headers['content-type'] ?? '').split(';')[0]!;
