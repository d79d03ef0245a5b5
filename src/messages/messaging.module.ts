import { Global, Module } from '@nestjs/common';
import { type Settings, SETTINGS } from '../platform/settings/settings';
import { Inbox } from './inbox';
import { Messenger } from './messenger';
import { MessageRouter } from './message-router';
import { SmsGatewayMessenger } from './sms-gateway.messenger';
import { SmtpMessenger } from './smtp.messenger';

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
