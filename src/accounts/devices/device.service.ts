import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { type RecallBy } from '../../approvals/prepare';
import { Statements } from '../../platform/database/statements';
import { type Attempt } from '../../platform/rate-limit/throttle.guard';
import { Registry } from '../tenants/registry';
import { ActivationCodes } from './activation-codes';
import { DeviceRefusal } from './device.errors';
import { type DeviceKey, DeviceRepository, type ListedDevice, type OwnedDevice } from './device.repository';
import { DeviceKeys } from './device.strategy';

/** How a device introduces itself. */
export interface Enrolment {
  readonly activationCode: string;
  /** The public half of its key pair: P-256, as a JWK. */
  readonly publicKey: Readonly<Record<string, unknown>>;
  /** What its user calls it. */
  readonly name?: string | null;
}

/** Withdraws every open approval of one kind from a device that has just been deleted, on this connection. */
export type WithdrawFromDevice = (device: OwnedDevice, by: RecallBy, client: ClientBase) => Promise<void>;

/** Enrols, lists, locks, unlocks and deletes devices. */
@Injectable()
export class DeviceService {
  private readonly withdrawals: WithdrawFromDevice[] = [];
  private readonly unlocked: ((device: OwnedDevice) => void)[] = [];

  constructor(
    private readonly statements: Statements,
    private readonly registry: Registry,
    private readonly codes: ActivationCodes,
    private readonly devices: DeviceRepository,
    private readonly deviceKeys: DeviceKeys,
  ) {}

  /** Says how a kind of approval is withdrawn from a device; to be called while modules initialize. */
  whenDeleted(withdraw: WithdrawFromDevice): void {
    this.withdrawals.push(withdraw);
  }

  /** Says what follows once a device may decide again; to be called while modules initialize. */
  whenUnlocked(notify: (device: OwnedDevice) => void): void {
    this.unlocked.push(notify);
  }

  /**
   * @throws Failed `rate-limited`
   * @throws DeviceRefusal ACTIVATION_CODE_NOT_FOUND when the code is wrong, used or over
   */
  async enrol({ activationCode, publicKey, name }: Enrolment, attempt: Attempt): Promise<{ deviceId: string }> {
    const { kty, crv, x, y } = publicKey;
    const codeHash = this.codes.hash(activationCode);
    const tenantId = await this.codes.tenantOf(codeHash);
    if (tenantId !== undefined) await attempt.byName(tenantId);
    const deviceId = await this.devices.enrol(codeHash, name ?? null, { kty, crv, x, y });
    if (deviceId === undefined) throw new DeviceRefusal('ACTIVATION_CODE_NOT_FOUND');
    return { deviceId };
  }

  /** The devices of a user, the oldest first. @throws DeviceRefusal USER_NOT_FOUND */
  async list(tenantId: string, userId: string): Promise<ListedDevice[]> {
    if (!(await this.registry.hasUser(tenantId, userId))) throw new DeviceRefusal('USER_NOT_FOUND');
    return this.devices.list(tenantId, userId);
  }

  /**
   * Locks a device: it is offered nothing and may decide nothing. Approvals that it holds stay open until their timeout.
   * @throws DeviceRefusal DEVICE_NOT_FOUND, ALREADY_LOCKED
   */
  async lock(key: DeviceKey): Promise<void> {
    const device = await this.devices.setLocked(key, true);
    if (device === undefined) throw new DeviceRefusal('DEVICE_NOT_FOUND');
    if (!device.changed) throw new DeviceRefusal('ALREADY_LOCKED');
  }

  /** @throws DeviceRefusal DEVICE_NOT_FOUND, ALREADY_UNLOCKED */
  async unlock(key: DeviceKey): Promise<void> {
    const device = await this.devices.setLocked(key, false);
    if (device === undefined) throw new DeviceRefusal('DEVICE_NOT_FOUND');
    if (!device.changed) throw new DeviceRefusal('ALREADY_UNLOCKED');
    for (const notify of this.unlocked) notify({ ...key, userId: device.userId });
  }

  /**
   * Deletes a device and withdraws every open approval from it, all or nothing; one that no other device has ends.
   * @throws DeviceRefusal DEVICE_NOT_FOUND
   */
  async delete(key: DeviceKey, actor: string): Promise<void> {
    const by = { actor, reason: 'device deleted' };
    await this.statements.transaction(async (client) => {
      const userId = await this.devices.delete(key, client);
      if (userId === undefined) throw new DeviceRefusal('DEVICE_NOT_FOUND');
      for (const withdraw of this.withdrawals) await withdraw({ ...key, userId }, by, client);
    });
    this.deviceKeys.forget();
  }
}
