import { Column, PrimaryColumn } from 'typeorm';

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
}
