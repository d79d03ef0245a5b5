import { type INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { type Authentication } from '../auth/authenticate';
import { describeWebhooks, type Webhooks } from './webhooks';

/** One document of the API: what one kind of client needs to know, and nothing else. */
export interface Definition {
  /** The document is `/openapi/{name}.json`. */
  readonly name: string;
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  /** The path prefixes whose operations it describes, each a whole number of segments. */
  readonly bases: readonly string[];
  /** What to try its path parameters with, where a route does not say: name → value. */
  readonly examples?: Readonly<Record<string, string>>;
  /** What is posted to addresses that its clients have given. */
  readonly webhooks?: Webhooks;
}

/** Whether an operation at this path belongs to the definition. */
function describes({ bases }: Pick<Definition, 'bases'>, path: string): boolean {
  return bases.some((base) => path === base || path.startsWith(`${base}/`));
}

/** Its schemas are JSON Schema 2020-12, in which what may be null is a type of its own. */
const openApiVersion = '3.1.0';

/** What the documents are made from, besides the routes. */
interface Described {
  readonly documents: readonly Definition[];
  readonly authentications: readonly Authentication[];
}

type Schemes = Authentication['strategies'];
type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** Describes the routes of the application, one document a definition, by the definition's name. */
export function documentsOf(
  app: INestApplication,
  { documents, authentications }: Described,
): ReadonlyMap<string, OpenAPIObject> {
  const whole = SwaggerModule.createDocument(app, new DocumentBuilder().setOpenAPIVersion(openApiVersion).build(), {
    operationIdFactory: operationId,
    extraModels: documents.flatMap(({ webhooks = {} }) => Object.values(webhooks).map(({ body }) => body)),
  });
  for (const [path, item] of Object.entries(whole.paths))
    for (const operation of Object.values(item) as Operation[]) {
      operation.security = securityOf(operation);
      operation.parameters = parametersOf(path, operation);
    }
  const schemes = Object.assign({}, ...authentications.map(({ strategies }) => strategies)) as Schemes;
  return new Map(documents.map((definition) => [definition.name, documentOf(definition, whole, schemes)]));
}

/** Every operation of a document. */
function operationsOf({ paths }: Pick<OpenAPIObject, 'paths'>): Operation[] {
  return Object.values(paths).flatMap((path) => Object.values(path) as Operation[]);
}

function documentOf(definition: Definition, whole: OpenAPIObject, schemes: Schemes): OpenAPIObject {
  const { title, description, webhooks } = definition;
  const described = Object.entries(whole.paths).filter(([path]) => describes(definition, path));
  const paths = structuredClone(Object.fromEntries(described));
  for (const operation of operationsOf({ paths })) fillIn(operation, definition.examples ?? {});
  const posted = webhooks && describeWebhooks(webhooks);
  const used = new Set(operationsOf({ paths }).flatMap(({ security = [] }) => security.flatMap(Object.keys)));
  return {
    openapi: openApiVersion,
    info: {
      title,
      description,
      version: '1.0.0',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    ...(posted && { webhooks: posted }),
    components: {
      schemas: schemasUsedBy({ paths, posted }, whole.components?.schemas ?? {}),
      securitySchemes: Object.fromEntries(Object.entries(schemes).filter(([name]) => used.has(name))),
    },
  };
}

/** `OtpController`'s `cancel` is `otpCancel`; at a second address it is `otpCancelAt2`. */
function operationId(controller: string, method: string): string {
  const name = controller.replace(/Controller$/, '') + method.charAt(0).toUpperCase() + method.slice(1);
  const unique = name.replace(/\[(\d+)\]$/, (_, index) => (index === '0' ? '' : `At${Number(index) + 1}`));
  return unique.charAt(0).toLowerCase() + unique.slice(1);
}

/** The method's declaration comes after the controller's, and overrules it, as in the guard. */
function securityOf({ security = [] }: Operation): NonNullable<Operation['security']> {
  const strategies = Object.values(security.at(-1) ?? {}).flat();
  return strategies.map((strategy) => ({ [strategy]: [] }));
}

function fillIn({ parameters = [] }: Operation, examples: Readonly<Record<string, string>>): void {
  for (const parameter of parameters)
    if ('in' in parameter && parameter.in === 'path') parameter.example ??= examples[parameter.name];
}

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

function schemasUsedBy(described: object, schemas: Schemas): Schemas {
  const used = new Set<string>();
  const collect = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name === undefined || used.has(name)) continue;
      used.add(name);
      collect(schemas[name]);
    }
  };
  collect(described);
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
}

type Parameter = NonNullable<Operation['parameters']>[number];

/**
 * An operation's parameters with exactly those path parameters that its path has. A handler with several addresses
 * declares its parameters once, and a guard reads some that no handler declares.
 */
function parametersOf(path: string, { parameters = [] }: Pick<Operation, 'parameters'>): Parameter[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const isInPath = (parameter: Parameter, name?: string) =>
    'in' in parameter && parameter.in === 'path' && (name === undefined || parameter.name === name);
  const inPath = names.map(
    (name): Parameter =>
      parameters.find((each) => isInPath(each, name)) ?? {
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      },
  );
  return [...inPath, ...parameters.filter((each) => !isInPath(each))];
}

const documentPath = (name: string): string => `openapi/${name}.json`;

/** Runs in the browser, inside Swagger UI, on each request that it is about to send. */
export type RequestInterceptor = (request: { headers: Record<string, string | undefined> }) => Promise<object>;

/** Serves each definition's document, and Swagger UI at `/docs` with all of them to choose from. */
export function serveDocuments(
  app: INestApplication,
  described: Described & { readonly swaggerInterceptor?: RequestInterceptor },
): void {
  const { documents: definitions, swaggerInterceptor } = described;
  let documents: ReadonlyMap<string, OpenAPIObject> | undefined;
  for (const { name } of definitions) {
    // Made when first asked for: describing all routes takes longer than the rest of a start.
    const document = (): OpenAPIObject => (documents ??= documentsOf(app, described)).get(name) as OpenAPIObject;
    SwaggerModule.setup(`openapi/${name}`, app, document, {
      ui: false,
      raw: ['json'],
      jsonDocumentUrl: documentPath(name),
    });
  }
  SwaggerModule.setup('docs', app, { openapi: openApiVersion } as OpenAPIObject, {
    raw: false,
    explorer: true,
    customSiteTitle: 'Rescind',
    swaggerOptions: {
      urls: definitions.map(({ name, title }) => ({ name: title, url: `/${documentPath(name)}` })),
      requestInterceptor: swaggerInterceptor,
      displayRequestDuration: true,
      // Otherwise the page asks another host to validate the documents.
      validatorUrl: null,
    },
  });
}
