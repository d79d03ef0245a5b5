import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sign } from 'jsonwebtoken';
import { DeviceRepository } from '../../signature/devices/device.repository';
import { OfferRepository } from '../../signature/offers/offer.repository';
import { type OfferCaller, OfferService, type Fetched } from '../../signature/offers/offer.service';
import { SignatureRefusal } from '../../signature/signature.errors';
import { demo, demoDeviceKey } from '../demo/demo';
import { SandboxKeys } from '../demo/sandbox-keys';
import { type PlayDecision } from './play-decision.dto';

/** Plays the devices of the demo users: they fetch and decide as real ones do, with keys that the sandbox holds. */
@Injectable()
export class DemoDevicesService {
  constructor(
    private readonly devices: DeviceRepository,
    private readonly offers: OfferService,
    private readonly started: OfferRepository,
    private readonly keys: SandboxKeys,
  ) {}

  /** @throws SignatureRefusal DEVICE_NOT_FOUND when it is no device of the demo tenant */
  async fetch(deviceId: string): Promise<Fetched> {
    return this.offers.fetch(await this.callerOf(deviceId), 0, new AbortController().signal);
  }

  /** @throws SignatureRefusal DEVICE_NOT_FOUND, TRANSACTION_NOT_FOUND, or whatever else a real device would be answered */
  async decide(deviceId: string, { transactionId, decision }: PlayDecision): Promise<void> {
    const caller = await this.callerOf(deviceId);
    const signature = decision === 'OK' ? await this.sign(caller, transactionId) : undefined;
    await this.offers.decide(caller, transactionId, { decision, signature });
  }

  private async callerOf(deviceId: string): Promise<OfferCaller> {
    const found = await this.devices.find(deviceId);
    if (found?.tenantId !== demo.tenantId) throw new SignatureRefusal('DEVICE_NOT_FOUND');
    return { tenantId: found.tenantId, userId: found.userId, deviceId, actor: `device:${deviceId}` };
  }

  private async sign({ tenantId, userId, deviceId }: OfferCaller, transactionId: string): Promise<string> {
    const message = await this.started.messageOf({ tenantId, userId, deviceId }, transactionId);
    if (message === undefined) throw new SignatureRefusal('TRANSACTION_NOT_FOUND');
    const messageSha256 = createHash('sha256').update(message).digest('hex');
    const key = await this.keys.privateKey(demoDeviceKey(userId));
    return sign({ transactionId, userId, messageSha256 }, key, { algorithm: 'ES256' });
  }
}
