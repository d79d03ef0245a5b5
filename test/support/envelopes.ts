import { type Answer } from './ask';

const problem = {
  'content-type': 'application/problem+json',
  body: (status: number) => ({ type: 'about:blank', title: expect.any(String), status, detail: expect.any(String) }),
};
const digitanium = (subSystem: number) => ({
  'content-type': 'application/json',
  body: () => ({ subSystem, status: expect.any(String), message: expect.any(String) }),
});
const described = {
  'content-type': 'application/json',
  body: () => ({ error: expect.any(String), error_description: expect.any(String) }),
};
const otp = {
  'content-type': 'application/json',
  body: (status: number) => ({
    meta: { requestId: expect.any(String), timestamp: expect.any(String) },
    error: { message: expect.any(String), code: expect.any(String), status },
  }),
};

const page = { 'content-type': 'text/html', body: () => ({}) };

/** The envelope of each path's error format, written anew and not taken from the error formats. */
const envelopes = [
  { path: /^\/api\/v3(\/|$)/i, envelope: described },
  { path: /^\/auth\/realms\/[^/]*\/protocol(\/|$)/i, envelope: described },
  {
    path: /^\/(digitanium\/v4\/devices|auth\/realms\/[^/]*\/v3_device|device|sandbox\/devices)(\/|$)/i,
    envelope: digitanium(6),
  },
  { path: /^\/(digitanium|auth\/realms\/[^/]*\/v3_user)(\/|$)/i, envelope: digitanium(5) },
  { path: /^\/otp(\/|$)/i, envelope: otp },
  { path: /^\/(sign|phone|identity|sign-assets)(\/|$)/i, envelope: page },
  { path: /^/, envelope: problem },
];

/** Words that only our insides use. */
const insides =
  /\bat \S+ \(|node_modules|\.[jt]s\b|\b(select|insert|update|delete) .*\b(from|into|set)\b|\brelation\b|syntax error|postgres|typeorm|ECONN|QueryFailed|\/(src|dist|work|tmp|home|root|usr)\//i;

/** An answer that refuses is in its error format's envelope, and no answer shows our insides. */
export function expectEnvelope(path: string, { status, headers, text }: Answer): void {
  expect(text).not.toMatch(insides);
  expect(headers['x-request-id']).toMatch(/^[\w.-]{1,128}$/);
  if (status < 400) return;
  const { envelope } = envelopes.find((each) => each.path.test(path))!;
  expect({ path, type: headers['content-type']?.split(';')[0] }).toEqual({ path, type: envelope['content-type'] });
  if (envelope === page) expect(text).toMatch(/^<!doctype html>/i);
  else expect(JSON.parse(text)).toMatchObject(envelope.body(status));
}
