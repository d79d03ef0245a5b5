import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Deliveries } from '../../messages/deliveries';
import { type DeliveryChannel, type DeliveryTry } from '../../messages/delivery-channel';
import { Messenger } from '../../messages/messenger';
import { OtpConfigs } from '../config/otp-configs';
import { messageChannel, OtpRepository } from '../otp.repository';
import { OtpSecrets } from '../otp.secrets';
import { compose } from './compose';

/** Seconds between tries: soon at first, then as long as any OTP lives. It ends earlier where the OTP does. */
const schedule = [1, 2, 5, 10, 15, ...Array<number>(20).fill(30)];

/** Sends codes, at their creation and again on a resend. */
@Injectable()
export class OtpMessages implements OnModuleInit, DeliveryChannel {
  readonly channel = messageChannel;
  readonly schedule = schedule;

  constructor(
    private readonly deliveries: Deliveries,
    private readonly otps: OtpRepository,
    private readonly configs: OtpConfigs,
    private readonly secrets: OtpSecrets,
    private readonly messenger: Messenger,
  ) {}

  onModuleInit(): void {
    this.deliveries.register(this);
  }

  async deliver({ id, tenantId, approvalId }: DeliveryTry, late: AbortSignal): Promise<'delivered' | 'obsolete'> {
    const otp = await this.otps.toSend(tenantId, approvalId, id);
    if (otp === undefined) return 'obsolete';
    const { code, recipient, locale } = this.secrets.open(tenantId, approvalId, otp.sealed);
    const settings = await this.configs.of(tenantId);
    const { subject, text } = compose({ ...otp, code, locale }, settings);
    const message = { id, approvalId, method: otp.method, recipient, code, subject, text };
    await this.messenger.send(message, late);
    return 'delivered';
  }
}
