import { type OtpScope } from '../otp.vocabulary';

/** The words of messages in one language; `{code}`, `{purpose}` and `{minutes}` are filled in. */
export interface Wording {
  readonly subject: string;
  readonly email: string;
  readonly sms: string;
  readonly purposes: Readonly<Record<OtpScope, string>>;
}

/** The languages we have words in ourselves. */
export const locales = ['en', 'de'] as const;

export const wordings = {
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
