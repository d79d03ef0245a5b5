import { type OtpSettingsInForce } from '../config/otp-settings';
import { type OtpTemplate } from '../config/otp-template';
import { type OtpMethod, type OtpScope } from '../otp.vocabulary';
import { locales, type Wording, wordings } from './wording';

export interface MessageFacts {
  readonly method: OtpMethod;
  readonly scope: OtpScope;
  readonly code: string;
  readonly secondsLeft: number;
  /** What the caller asked for as `x-locale`, if anything. */
  readonly locale: string | null;
}

/**
 * Words a message: the tenant's template for the locale or its language where there is one, else our own words in
 * that language, else all of that in the tenant's default language.
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
  // A template replaces only what it words; undefined would replace the rest too.
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
