import { createHash } from 'node:crypto';
import { Injectable, Body, Controller, Post } from '@nestjs/common';
import { ApiProperty, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsIn, IsString, Length } from 'class-validator';
import { sign } from 'jsonwebtoken';
import { DeviceRefusal } from '../accounts/devices/device.errors';
import { DeviceRepository } from '../accounts/devices/device.repository';
import { type DevicePrincipal } from '../accounts/devices/device.strategy';
import { OfferRepository } from '../signature/offers/offer.repository';
import { OfferService, type Fetched } from '../signature/offers/offer.service';
import { SignatureRefusal } from '../signature/signature.errors';
import { Public } from '../platform/auth/authenticate';
import { AcceptsJson } from '../platform/http/body';
import { DeviceId } from '../signature/signature-input';
import { exampleOffer, moreHeader, showFetched, undecidable } from '../signature/offers/offer.controller';
import { decidedAnswer, fetchedAnswer, type OfferedSignature } from '../signature/offers/offer.dto';
import { type DataWithHeaders, jsonFailures, SignatureAnswers } from '../signature/signature.answers';
import { demo, demoDeviceKey, SandboxKeys } from './demo';

const decisions = ['OK', 'CANCEL'] as const;

/** What a demo user decides. */
class PlayDecision {
  @IsString({ message: '$property must be a string' })
  @Length(1, 256, { message: '$property must have 1 to 256 characters' })
  @ApiProperty({ example: 'demo' })
  transactionId: string;

  @IsIn(decisions, { message: 'decision must be OK or CANCEL' })
  @ApiProperty({ enum: decisions, example: 'OK' })
  decision: (typeof decisions)[number];
}

/** Plays the devices of the demo users: they fetch and decide as real ones do, with keys that the sandbox holds. */
@Injectable()
export class DemoDevicesService {
  constructor(
    private readonly devices: DeviceRepository,
    private readonly offers: OfferService,
    private readonly started: OfferRepository,
    private readonly keys: SandboxKeys,
  ) {}

  /** @throws DeviceRefusal DEVICE_NOT_FOUND when it is no device of the demo tenant */
  async fetch(deviceId: string): Promise<Fetched> {
    return this.offers.fetch(await this.principalOf(deviceId), 0, new AbortController().signal);
  }

  /**
   * @throws DeviceRefusal DEVICE_NOT_FOUND when it is no device of the demo tenant
   * @throws SignatureRefusal what a real device is answered
   */
  async decide(deviceId: string, { transactionId, decision }: PlayDecision): Promise<void> {
    const device = await this.principalOf(deviceId);
    const signature = decision === 'OK' ? await this.sign(device, transactionId) : undefined;
    await this.offers.decide(device, transactionId, { decision, signature });
  }

  private async principalOf(deviceId: string): Promise<DevicePrincipal> {
    const found = await this.devices.find(deviceId);
    if (found?.tenantId !== demo.tenantId) throw new DeviceRefusal('DEVICE_NOT_FOUND');
    return { tenantId: found.tenantId, userId: found.userId, deviceId, actor: `device:${deviceId}` };
  }

  private async sign({ tenantId, userId, deviceId }: DevicePrincipal, transactionId: string): Promise<string> {
    const message = await this.started.messageOf({ tenantId, userId, deviceId }, transactionId);
    if (message === undefined) throw new SignatureRefusal('TRANSACTION_NOT_FOUND');
    const messageSha256 = createHash('sha256').update(message).digest('hex');
    const key = await this.keys.privateKey(demoDeviceKey(userId));
    return sign({ transactionId, userId, messageSha256 }, key, { algorithm: 'ES256' });
  }
}

/** Plays the demo users' devices; answers what a real device would be answered. */
@Controller('sandbox/devices/:deviceId')
@Public()
@ApiTags('Sandbox')
export class DemoDevicesController {
  constructor(private readonly devices: DemoDevicesService) {}

  @Post('fetch')
  @ApiOperation({ summary: 'Have a demo device fetch its transactions' })
  @SignatureAnswers({
    by: 'devices',
    message: 'Transactions fetched successfully',
    body: fetchedAnswer,
    examples: { offered: [exampleOffer], nothing: [] },
    headers: { [moreHeader]: '0' },
    refusals: ['DEVICE_NOT_FOUND'],
  })
  fetch(@DeviceId() deviceId: string): Promise<DataWithHeaders<readonly OfferedSignature[]>> {
    return this.devices.fetch(deviceId).then(showFetched);
  }

  @Post('decide')
  @AcceptsJson()
  @ApiOperation({ summary: 'Have a demo device confirm or reject a transaction that it has fetched' })
  @SignatureAnswers({
    by: 'devices',
    message: 'Decision accepted',
    body: decidedAnswer,
    examples: { accepted: undefined },
    refusals: ['DEVICE_NOT_FOUND', 'TRANSACTION_NOT_FOUND', ...undecidable],
    failures: jsonFailures,
  })
  decide(@DeviceId() deviceId: string, @Body() input: PlayDecision): Promise<void> {
    return this.devices.decide(deviceId, input);
  }
}
