import { Injectable } from '@nestjs/common';
import { Statements } from '../../platform/database/statements';
import { type Attempt } from '../../platform/rate-limit/throttle.guard';
import { Notifier } from '../../platform/notify/notifier';
import { Registry } from '../../accounts/tenants/registry';
import { ActivationCodes } from '../activation/activation-codes';
import { SignatureRefusal } from '../signature.errors';
import { SignatureRepository } from '../signature.repository';
import { offeredTopicOf } from '../signature.topics';
import { DeviceKeys } from './device.strategy';
import { DeviceRepository, type ListedDevice } from './device.repository';
import { type EnrolDevice, type EnrolledDevice, type ShownDevice } from './device.dto';

/** The calling tenant, and the actor that is written to the history. */
export interface DeviceCaller {
  readonly tenantId: string;
  readonly actor: string;
}

/** How long a device counts as online after its last call, in milliseconds: longer than one call may wait. */
const onlineForMs = 90_000;

/** Enrols, lists, locks, unlocks and deletes devices. */
@Injectable()
export class DeviceService {
  constructor(
    private readonly statements: Statements,
    private readonly notifier: Notifier,
    private readonly registry: Registry,
    private readonly codes: ActivationCodes,
    private readonly devices: DeviceRepository,
    private readonly deviceKeys: DeviceKeys,
    private readonly signatures: SignatureRepository,
  ) {}

  /**
   * @throws Failed `rate-limited`
   * @throws SignatureRefusal ACTIVATION_CODE_NOT_FOUND when the code is wrong, used or over
   */
  async enrol({ activationCode, publicKey, name }: EnrolDevice, attempt: Attempt): Promise<EnrolledDevice> {
    const { kty, crv, x, y } = publicKey;
    const codeHash = this.codes.hash(activationCode);
    const tenantId = await this.codes.tenantOf(codeHash);
    if (tenantId !== undefined) await attempt.byName(tenantId);
    const deviceId = await this.devices.enrol(codeHash, name ?? null, { kty, crv, x, y });
    if (deviceId === undefined) throw new SignatureRefusal('ACTIVATION_CODE_NOT_FOUND');
    return { deviceId };
  }

  /** @throws SignatureRefusal USER_NOT_FOUND */
  async list(tenantId: string, userId: string): Promise<ShownDevice[]> {
    if (!(await this.registry.hasUser(tenantId, userId))) throw new SignatureRefusal('USER_NOT_FOUND');
    return (await this.devices.list(tenantId, userId)).map(shown);
  }

  /**
   * Locks a device: it is offered nothing and may decide nothing. Transactions it holds stay open until their timeout.
   * @throws SignatureRefusal DEVICE_NOT_FOUND, ALREADY_LOCKED
   */
  async lock({ tenantId }: DeviceCaller, deviceId: string): Promise<true> {
    const device = await this.devices.setLocked({ tenantId, deviceId }, true);
    if (device === undefined) throw new SignatureRefusal('DEVICE_NOT_FOUND');
    if (!device.changed) throw new SignatureRefusal('ALREADY_LOCKED');
    return true;
  }

  /** @throws SignatureRefusal DEVICE_NOT_FOUND, ALREADY_UNLOCKED */
  async unlock({ tenantId }: DeviceCaller, deviceId: string): Promise<true> {
    const device = await this.devices.setLocked({ tenantId, deviceId }, false);
    if (device === undefined) throw new SignatureRefusal('DEVICE_NOT_FOUND');
    if (!device.changed) throw new SignatureRefusal('ALREADY_UNLOCKED');
    this.notifier.notify(offeredTopicOf(tenantId, device.userId));
    return true;
  }

  /**
   * Deletes a device and withdraws every open transaction from it; one that no other device has is cancelled.
   * @throws SignatureRefusal DEVICE_NOT_FOUND
   */
  async delete({ tenantId, actor }: DeviceCaller, deviceId: string): Promise<true> {
    await this.statements.transaction(async (client) => {
      const userId = await this.devices.delete({ tenantId, deviceId }, client);
      if (userId === undefined) throw new SignatureRefusal('DEVICE_NOT_FOUND');
      await this.signatures.withdrawAll({ tenantId, userId, deviceId }, actor, client);
    });
    this.deviceKeys.forget();
    return true;
  }
}

function shown({ id, name, locked, seenAt }: ListedDevice): ShownDevice {
  const isOnline = seenAt !== null && Date.now() - seenAt.getTime() < onlineForMs;
  return {
    deviceId: id,
    deviceName: name,
    locked,
    deviceState: isOnline ? 'ONLINE' : 'OFFLINE',
    lastLoginTime: seenAt && String(Math.floor(seenAt.getTime() / 1000)),
  };
}
