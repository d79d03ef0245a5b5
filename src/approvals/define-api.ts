import { Column, PrimaryColumn } from 'typeorm';
import { type ServerPart } from '../platform/server-part';
import { type ApprovalKind } from './finding';

/**
 * One API of the server, complete. The application, the data source, the exception filter, the guard, the OpenAPI
 * documents and the tests that walk every route read the registrations in `apis.ts`, and no other list.
 */
export interface Api extends ServerPart, ApprovalKind {
  readonly module: NonNullable<ServerPart['module']>;
  readonly errorFormats: NonNullable<ServerPart['errorFormats']>;
  readonly openapi: NonNullable<ServerPart['openapi']>;
  /** The folder's name. */
  readonly name: string;
}

/** Registers an API: its module, tables, lifecycle, how its approvals are found, error formats, callers and documents. */
export function defineApi(api: Api): Api {
  return api;
}

/** What the row of every approval has: what the lifecycle engine reads and writes. */
export abstract class Approval {
  @PrimaryColumn({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  status: string;

  /** The number of rows in its history, and the hash of the last. */
  @Column({ type: 'integer' })
  revision: number;

  @Column({ type: 'bytea' })
  head: Buffer;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  @Column({ name: 'begun_at', type: 'timestamptz', default: () => 'now()' })
  begunAt: Date;

  /** The actor of its beginning; empty where a node of an older version began it. */
  @Column({ name: 'begun_by', type: 'text', default: '' })
  begunBy: string;

  /** When it left the last state that a recall leads out of: by the clock of time itself, not when that was written down … */
  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  /** … and by which actor; `clock` where its time was over. */
  @Column({ name: 'ended_by', type: 'text', nullable: true })
  endedBy: string | null;
}
