import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Deliveries } from '../messages/deliveries';
import { type DeliveryOutcome, type DeliveryChannel, type DeliveryTry } from '../messages/delivery';
import { Messenger } from '../messages/messenger';
import { OtpConfigs } from './config/otp-configs';
import { locales, type OtpSettingsInForce, type OtpTemplate } from './config/otp-settings';
import { type OtpMethod, type OtpScope } from './otp.entity';
import { messageChannel, OtpRepository } from './otp.repository';
import { OtpSecrets } from './otp.secrets';

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

  async deliver({ id, tenantId, approvalId }: DeliveryTry, late: AbortSignal): Promise<DeliveryOutcome> {
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

interface MessageFacts {
  readonly method: OtpMethod;
  readonly scope: OtpScope;
  readonly code: string;
  readonly secondsLeft: number;
  /** What the caller asked for as `x-locale`, if anything. */
  readonly locale: string | null;
}

/**
 * The text of a message: the tenant's template for the locale or its language where there is one, else the built-in
 * text in that language, else the same for the tenant's default language.
 */
export function compose(facts: MessageFacts, settings: OtpSettingsInForce): { subject: string; text: string } {
  const wording = wordingFor(facts.locale ?? settings.locale, settings);
  const values = {
    code: facts.code,
    purpose: wording.purposes[facts.scope],
    minutes: String(Math.ceil(facts.secondsLeft / 60)),
  };
  return { subject: fill(wording.subject, values), text: fill(wording[facts.method], values) };
}

function wordingFor(locale: string, { templates, locale: fallback }: OtpSettingsInForce): Wording {
  const asked = locale.toLowerCase();
  const candidates = [asked, languageOf(asked), fallback];
  const known = candidates.find((each) => templateFor(each, templates) ?? own(each)) ?? fallback;
  const template = templateFor(known, templates);
  // A template replaces only the texts it has; undefined would replace the rest too.
  const given = Object.fromEntries(Object.entries(template ?? {}).filter(([, words]) => words !== undefined));
  return { ...wordings[own(languageOf(known)) ?? fallback], ...given };
}

const templateFor = (locale: string, templates: readonly OtpTemplate[]): OtpTemplate | undefined =>
  templates.find((template) => template.locale === locale);

const own = (locale: string): (typeof locales)[number] | undefined => locales.find((each) => each === locale);

const languageOf = (locale: string): string => locale.split('-', 1)[0] ?? locale;

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}

/** The texts of messages in one language; `{code}`, `{purpose}` and `{minutes}` are filled in. */
interface Wording {
  readonly subject: string;
  readonly email: string;
  readonly sms: string;
  readonly purposes: Readonly<Record<OtpScope, string>>;
}

const wordings = {
  en: {
    subject: 'Your code to {purpose}',
    email: [
      '{code} is your code to {purpose}.',
      'It can be used for {minutes} min. If you did not ask for it, you need do nothing.',
    ].join('\n\n'),
    sms: '{code} is your code to {purpose}. It can be used for {minutes} min.',
    purposes: {
      email_verification: 'confirm your e-mail address',
      phone_verification: 'confirm your telephone number',
      reset_password: 'reset your password',
      otp_signin: 'sign in',
    },
  },
  de: {
    subject: 'Ihr Code: {purpose}',
    email: [
      '{code} ist Ihr Code ({purpose}).',
      'Er gilt {minutes} min. Wenn Sie ihn nicht angefordert haben, brauchen Sie nichts zu tun.',
    ].join('\n\n'),
    sms: '{code} ist Ihr Code ({purpose}). Er gilt {minutes} min.',
    purposes: {
      email_verification: 'E-Mail-Adresse bestätigen',
      phone_verification: 'Telefonnummer bestätigen',
      reset_password: 'Passwort zurücksetzen',
      otp_signin: 'Anmelden',
    },
  },
} as const satisfies Record<(typeof locales)[number], Wording>;
