import { type DynamicModule, type Type } from '@nestjs/common';
import { type DataSource, type MigrationInterface } from 'typeorm';
import { type Authentication } from './auth/authenticate';
import { type ErrorFormat } from './envelope/error-format';
import { type Definition, type RequestInterceptor } from './openapi/documents';
import { type SealedContent } from './secrets/sealed-content';
import { type Settings } from './settings/settings';

/** What one part of the server contributes: an API, or a module that the APIs share. */
export interface ServerPart {
  readonly module?: Type | DynamicModule;
  /** Present only with an `ADMIN_TOKEN`. */
  readonly adminModule?: Type;
  /** Present only in the sandbox. */
  readonly sandboxModule?: Type;
  readonly entities?: readonly Type[];
  readonly migrations?: readonly Type<MigrationInterface>[];
  /** The error formats of its paths. */
  readonly errorFormats?: readonly ErrorFormat[];
  readonly authentication?: readonly Authentication[];
  /** Its OpenAPI documents. */
  readonly openapi?: readonly Definition[];
  /** Keep a production server from starting. */
  readonly startChecks?: readonly StartCheck[];
  /** Runs in Swagger UI on each request that the page sends. */
  readonly swaggerInterceptor?: RequestInterceptor;
}

/** What all parts contribute, together. */
export interface ServerContents {
  readonly modules: readonly (Type | DynamicModule)[];
  readonly adminModules: readonly Type[];
  readonly sandboxModules: readonly Type[];
  /** For the data source; TypeORM sorts the migrations by their time stamps. */
  readonly schema: { readonly entities: Type[]; readonly migrations: Type<MigrationInterface>[] };
  readonly errorFormats: readonly ErrorFormat[];
  readonly authentications: readonly Authentication[];
  readonly documents: readonly Definition[];
  readonly startChecks: readonly StartCheck[];
  readonly swaggerInterceptor?: RequestInterceptor;
}

/** @throws Error when two error formats claim the same path */
export function contentsOf(parts: readonly ServerPart[]): ServerContents {
  const all = <Key extends keyof ServerPart>(key: Key) =>
    parts.flatMap((part) => (part[key] ?? []) as readonly Element<Key>[] | Element<Key>);
  refuseSharedPaths(all('errorFormats'));
  return {
    modules: all('module'),
    adminModules: all('adminModule'),
    sandboxModules: all('sandboxModule'),
    schema: { entities: all('entities'), migrations: all('migrations') },
    errorFormats: all('errorFormats'),
    authentications: all('authentication'),
    documents: all('openapi'),
    startChecks: all('startChecks'),
    swaggerInterceptor: all('swaggerInterceptor')[0],
  };
}

function refuseSharedPaths(errorFormats: readonly ErrorFormat[]): void {
  const bases = errorFormats.flatMap((each) => each.bases);
  const shared = bases.find((base, index) => bases.indexOf(base) !== index);
  if (shared !== undefined) throw new Error(`Two error formats claim ${shared}`);
}

type Element<Key extends keyof ServerPart> =
  NonNullable<ServerPart[Key]> extends readonly (infer Each)[] ? Each : NonNullable<ServerPart[Key]>;

/** What a database holds that keeps a production server from starting, each in one line with what to do. */
export type StartCheck = (
  dataSource: DataSource,
  settings: Settings,
  content: SealedContent,
) => Promise<readonly string[]>;

/** The start is refused: `faults` names all that must not be in the database of a production server. */
class UnfitDatabase extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`Rescind cannot start on this database:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'UnfitDatabase';
  }
}

/**
 * @throws UnfitDatabase when any check finds something, naming all of it at once
 * @throws SealBroken when the master key is not this database's
 */
export async function runStartChecks(
  checks: readonly StartCheck[],
  dataSource: DataSource,
  settings: Settings,
  content: SealedContent,
): Promise<void> {
  const faults = await Promise.all(checks.map((check) => check(dataSource, settings, content)));
  if (faults.flat().length > 0) throw new UnfitDatabase(faults.flat());
}
