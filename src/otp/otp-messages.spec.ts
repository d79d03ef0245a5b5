import { inForce } from './config/otp-settings';
import { compose } from './otp-messages';

const facts = { method: 'email', scope: 'otp_signin', code: '314159', secondsLeft: 541, locale: null } as const;

describe('compose', () => {
  it('contains the code, its purpose and the minutes it has left, rounded up', () => {
    expect(compose({ ...facts, method: 'sms' }, inForce({}))).toEqual({
      subject: 'Your code to sign in',
      text: '314159 is your code to sign in. It can be used for 10 min.',
    });
  });

  const templates = [
    { locale: 'de', subject: 'Ihr {purpose}', email: 'Code {code}' },
    { locale: 'de-ch', sms: '{code}!' },
    { locale: 'fr', email: '{code} pour {purpose}, {minutes} min, {other}' },
  ];
  const settings = inForce({ templates, locale: 'de' });
  const words: [string | null, 'email' | 'sms', string][] = [
    ['de-CH', 'sms', '314159!'],
    ['de-CH', 'email', '314159 ist Ihr Code (Anmelden).'],
    ['de-AT', 'email', 'Code 314159'],
    ['de', 'sms', '314159 ist Ihr Code (Anmelden). Er gilt 10 min.'],
    ['fr-FR', 'email', '314159 pour Anmelden, 10 min, {other}'],
    ['en', 'email', '314159 is your code to sign in.'],
    ['ja', 'email', 'Code 314159'],
    [null, 'email', 'Code 314159'],
  ];
  it.each(words)('for %s by %s begins with %j', (locale, method, text) => {
    expect(compose({ ...facts, locale, method }, settings).text.split('\n')[0]).toBe(text);
  });
});
