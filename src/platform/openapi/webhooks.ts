import { type Type } from '@nestjs/common';
import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';

/** A message that this server posts, as JSON, to an address that a client has given. */
export interface Webhook {
  readonly summary: string;
  /** Markdown: when it is posted, and when it is posted again. */
  readonly description: string;
  readonly tag: string;
  /** The class that describes the body. */
  readonly body: Type;
  /** Bodies by name. */
  readonly examples: Readonly<Record<string, unknown>>;
  /** Headers that the receiver acts on: name → example. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** By the name that a document has it under. */
export type Webhooks = Readonly<Record<string, Webhook>>;

/** Describes messages as a document of OpenAPI 3.1 does, beside its paths. */
export function describeWebhooks(webhooks: Webhooks): NonNullable<OpenAPIObject['webhooks']> {
  return Object.fromEntries(
    Object.entries(webhooks).map(([name, webhook]) => [name, { post: operationOf(name, webhook) }]),
  );
}

function operationOf(name: string, { summary, description, tag, body, examples, headers = {} }: Webhook) {
  const named = Object.fromEntries(Object.entries(examples).map(([each, value]) => [each, { value }]));
  return {
    operationId: name,
    summary,
    description,
    tags: [tag],
    security: [],
    parameters: Object.entries(headers).map(([header, example]) => ({
      name: header,
      in: 'header' as const,
      required: true,
      schema: { type: 'string' },
      example,
    })),
    requestBody: {
      required: true,
      content: { 'application/json': { schema: { $ref: getSchemaPath(body) }, examples: named } },
    },
    responses: { '2XX': { description: 'It has been received.' } },
  };
}

/**
 * The schema of a JSON Web Token by what it holds, as JSON Schema 2020-12 has it (“contentSchema”).
 * @param header what its header says besides `kid`
 * @param claims the class that describes its claims, which is to be among the document's schemas
 */
export function jwtOf(header: Readonly<Record<string, string>>, claims: Type) {
  const said = Object.entries(header).map(([name, value]) => [name, { const: value }]);
  const properties = { ...(Object.fromEntries(said) as object), kid: { type: 'string' } };
  return {
    type: 'string',
    contentMediaType: 'application/jwt',
    contentSchema: {
      type: 'array',
      minItems: 2,
      prefixItems: [{ type: 'object', properties, required: Object.keys(properties) }, { $ref: getSchemaPath(claims) }],
    },
  } as const;
}

/** A token to be shown, whose signature is none. */
export function exampleJwt(header: object, claims: object): string {
  const parts = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return [...parts, 'Zm9yLWV4YW1wbGUtb25seQ'].join('.');
}
