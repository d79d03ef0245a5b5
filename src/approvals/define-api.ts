import { type ServerPart } from '../platform/server-part';
import { type Lifecycle } from './lifecycle';

/**
 * One API of the server, complete. The application, the data source, the exception filter, the guard, the OpenAPI
 * documents and the tests that walk every route read the registrations in `apis.ts`, and no other list.
 */
export interface Api extends ServerPart {
  readonly module: NonNullable<ServerPart['module']>;
  readonly errorFormats: NonNullable<ServerPart['errorFormats']>;
  readonly openapi: NonNullable<ServerPart['openapi']>;
  /** The folder's name. */
  readonly name: string;
  readonly lifecycle: Lifecycle;
}

/** Registers an API: its module, tables, lifecycle, error formats, callers and documents. */
export function defineApi(api: Api): Api {
  return api;
}
