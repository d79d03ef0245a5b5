import { type OpenAPIObject } from '@nestjs/swagger';
import { type Route } from './routes';

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, { example?: unknown; default?: unknown }>>;
}

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** The JSON body that a document shows for a route, field by field; empty where it shows none. */
export function exampleBody({ paths, components }: OpenAPIObject, { path, method }: Route): Record<string, unknown> {
  const operation = (paths[path] as Readonly<Record<string, Operation>> | undefined)?.[method];
  const schema = operation?.requestBody?.content['application/json']?.schema;
  const name = schema?.$ref?.split('/').at(-1);
  const { properties = {} } = (name === undefined ? schema : (components?.schemas?.[name] as Schema)) ?? {};
  return Object.fromEntries(
    Object.entries(properties).map(([field, { example, default: usual }]) => [field, example ?? usual]),
  );
}
