/** Names under which ids of what is registered here are given, and a few facts beside them: recorded as they are given. */
const recorded = new Set([
  ...[
    'id',
    'name',
    'kind',
    'approval',
    'userId',
    'clientId',
    'deviceId',
    'tokenId',
    'keyId',
    'kid',
    'webhookKid',
    'endpointId',
  ],
  ...['relyingParty', 'client', 'device', 'tenant', 'tenants', 'role', 'issuer', 'audience', 'expiresAt', 'dryRun'],
]);

/** What identifies a person elsewhere too: that it was given is recorded, and not what it was. */
const identifiers = new Set(['email', 'telephone', 'signer', 'recipient']);

const deepest = 3;
const longestText = 256;
const mostItems = 20;

/**
 * What a call was about, out of what it was given or answered, by its place such as `target.person.userId`. All else is left
 * out: it may be a secret, or a person's.
 */
export function targetOf(given: unknown, places: readonly string[] = []): Record<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || places.length > deepest) return {};
  const found = Object.entries(given).flatMap(([name, value]): [string, unknown][] => {
    const place = [...places, name];
    if (identifiers.has(name)) return value === null ? [] : [[place.join('.'), true]];
    // The tenant that a call names as its own is recorded apart.
    if (recorded.has(name) && place.join() !== 'tenant' && isFact(value)) return [[place.join('.'), shortened(value)]];
    return Object.entries(targetOf(value, place));
  });
  return Object.fromEntries(found);
}

function isFact(value: unknown): boolean {
  return Array.isArray(value)
    ? value.every((each) => typeof each === 'string')
    : ['string', 'number', 'boolean'].includes(typeof value);
}

function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, mostItems).map(shortened);
  return typeof value === 'string' ? value.slice(0, longestText) : value;
}
