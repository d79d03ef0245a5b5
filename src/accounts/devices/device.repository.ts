import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type ClientBase } from 'pg';
import { Repository } from 'typeorm';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { Device } from './device.entity';

type FoundDevice = Pick<Device, 'tenantId' | 'userId' | 'publicJwk'>;

export type ListedDevice = Pick<Device, 'id' | 'name' | 'locked' | 'seenAt'>;

/** Names one device of a tenant. */
export interface DeviceKey {
  readonly tenantId: string;
  readonly deviceId: string;
}

/** A device and its user. */
export interface OwnedDevice extends DeviceKey {
  readonly userId: string;
}

const byKey = 'id = :deviceId::bigint AND tenant_id = :tenantId';

/** SQL: stores that a device has called. An API puts what it wants to know of the device's user into the same statement. */
export const markSeen = `UPDATE device SET seen_at = clock_timestamp() WHERE ${byKey} RETURNING tenant_id, user_id`;

/** Takes the code and makes the device, both or neither; of rivals with one code, one gets it. */
const enrol = statement(
  'device-enrol',
  `WITH used AS (
     DELETE FROM activation_code WHERE hash = :codeHash AND expires_at > clock_timestamp() RETURNING tenant_id, user_id
   )
   INSERT INTO device (tenant_id, user_id, name, public_jwk)
   SELECT tenant_id, user_id, :name::text, :publicJwk::jsonb FROM used RETURNING id::text`,
);

/** SQL of a row that transitions read: whether the device is locked. Until they commit it can be neither locked nor deleted. */
export const heldDevice = `(SELECT locked AS device_locked FROM device WHERE ${byKey} FOR SHARE) AS device`;

const setLocked = statement(
  'device-set-locked',
  `WITH target AS MATERIALIZED (
     SELECT id, user_id, locked FROM device WHERE ${byKey} FOR NO KEY UPDATE
   ), changed AS (
     UPDATE device SET locked = :locked FROM target WHERE device.id = target.id AND target.locked <> :locked RETURNING 1
   )
   SELECT user_id AS "userId", EXISTS (SELECT 1 FROM changed) AS changed FROM target`,
);

const countOfUser = statement(
  'device-count-of-user',
  'SELECT count(*)::int AS count FROM device WHERE tenant_id = :tenantId AND user_id = :userId AND id::text = ANY(:deviceIds::text[])',
);

const remove = statement('device-delete', `DELETE FROM device WHERE ${byKey} RETURNING user_id AS "userId"`);

@Injectable()
export class DeviceRepository {
  constructor(
    @InjectRepository(Device) private readonly devices: Repository<Device>,
    private readonly statements: Statements,
  ) {}

  async find(deviceId: string): Promise<FoundDevice | undefined> {
    const select = { tenantId: true, userId: true, publicJwk: true };
    return (await this.devices.findOne({ select, where: { id: deviceId } })) ?? undefined;
  }

  /** Enrols a device by an activation code, once; undefined where the code is wrong, used or over. */
  async enrol(codeHash: Buffer, name: string | null, publicJwk: object): Promise<string | undefined> {
    const values = { codeHash, name, publicJwk: JSON.stringify(publicJwk) };
    const [enrolled] = await this.statements.run<{ id: string }>(enrol, values);
    return enrolled?.id;
  }

  list(tenantId: string, userId: string): Promise<ListedDevice[]> {
    const select = { id: true, name: true, locked: true, seenAt: true };
    return this.devices.find({ select, where: { tenantId, userId }, order: { id: 'ASC' } });
  }

  /** Whether all of these are devices of the user. */
  async hasAll(tenantId: string, userId: string, deviceIds: readonly string[]): Promise<boolean> {
    const [found] = await this.statements.run<{ count: number }>(countOfUser, { tenantId, userId, deviceIds });
    return found?.count === deviceIds.length;
  }

  /** Undefined where the device is gone. */
  async isLocked({ tenantId, deviceId }: DeviceKey): Promise<boolean | undefined> {
    const found = await this.devices.findOne({ select: { locked: true }, where: { tenantId, id: deviceId } });
    return found?.locked;
  }

  /** Locks or unlocks; its user and whether that changed anything, undefined where there is no such device. */
  async setLocked(
    { tenantId, deviceId }: DeviceKey,
    locked: boolean,
  ): Promise<{ userId: string; changed: boolean } | undefined> {
    const values = { tenantId, deviceId, locked };
    const [target] = await this.statements.run<{ userId: string; changed: boolean }>(setLocked, values);
    return target;
  }

  /** Deletes the device and returns its user's id. */
  async delete({ tenantId, deviceId }: DeviceKey, client: ClientBase): Promise<string | undefined> {
    const [deleted] = await this.statements.run<{ userId: string }>(remove, { tenantId, deviceId }, client);
    return deleted?.userId;
  }
}
