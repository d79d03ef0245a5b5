import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type Settings, SETTINGS } from '../platform/settings/settings';
import { Deliveries } from './deliveries';
import { Delivery } from './delivery';
import { DeliveryRepository } from './delivery.repository';
import { Delivery1763700000004 } from './migrations/1763700000004-delivery';
import { DeliveryEnd1763700000011 } from './migrations/1763700000011-delivery-end';
import { OnlyRows1763700000101 } from './migrations/1763700000101-only-rows';
import { DeliveryOwner1763700000304 } from './migrations/1763700000304-delivery-owner';
import { DeliveryEndpoint1763700000740 } from './migrations/1763700000740-delivery-endpoint';
import { Inbox } from './inbox';
import { Messenger, MessageRouter, SmsGatewayMessenger, SmtpMessenger } from './messenger';
import { DeliveryAdminController } from './delivery-admin.controller';
import { DeliveryAdminService } from './delivery-admin.service';

export const deliveryEntities = [Delivery];

export const deliveryMigrations = [
  Delivery1763700000004,
  DeliveryEnd1763700000011,
  OnlyRows1763700000101,
  DeliveryOwner1763700000304,
  DeliveryEndpoint1763700000740,
];

@Global()
@Module({ providers: [Deliveries, DeliveryRepository], exports: [Deliveries, DeliveryRepository] })
export class DeliveryModule {}

const SMTP = Symbol('SmtpMessenger');

/** How messages leave: by mail server and SMS gateway where the settings name them, else into the sandbox's inbox. */
@Global()
@Module({
  providers: [
    Inbox,
    {
      provide: SMTP,
      useFactory: ({ smtpUrl, smtpFrom, production }: Settings) =>
        smtpUrl && new SmtpMessenger(smtpUrl, smtpFrom, production),
      inject: [SETTINGS],
    },
    {
      provide: Messenger,
      useFactory: ({ smsGateway, sandbox }: Settings, inbox: Inbox, smtp: SmtpMessenger | undefined) => {
        const otherwise = sandbox ? inbox : undefined;
        const sms = smsGateway && new SmsGatewayMessenger(smsGateway);
        return new MessageRouter({ email: smtp ?? otherwise, sms: sms ?? otherwise });
      },
      inject: [SETTINGS, Inbox, SMTP],
    },
  ],
  exports: [Messenger, Inbox],
})
export class MessagingModule {}

/** The outbox as administrators see it. */
@Module({
  imports: [TypeOrmModule.forFeature([Delivery])],
  controllers: [DeliveryAdminController],
  providers: [DeliveryAdminService],
})
export class DeliveryAdminModule {}
