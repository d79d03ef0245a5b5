import { LRUCache } from 'lru-cache';
import { type OutboundClient } from '../../platform/outbound/outbound-client';
import { OutboundRefused, OutboundTooLarge } from '../../platform/outbound/outbound-target';
import { InvalidJwks, type KeySet, parseJwks } from './parse-jwks';
import { type VerificationKey } from '../../platform/auth/jwt-strategy';

const lifetimeSeconds = 60 * 60;
const tries = 3;
const tryTimeoutSeconds = 3;
const maxJwksBytes = 64 * 1024;
/** Between two fetches for unknown kids, which anyone who knows a client id can provoke. */
const unknownKidPauseSeconds = 30;
/** After a fetch that failed, so that an endpoint that is down is not hammered. */
const failurePauseSeconds = 10;

interface Entry {
  keys?: KeySet;
  /** Times in milliseconds, by the cache's clock. */
  expiresAt: number;
  quietUntil: number;
  fetching?: Promise<void>;
}

export interface JwksCacheOptions {
  /** Milliseconds, as of `Date.now`. */
  readonly now?: () => number;
  /** Of how many URLs the sets are kept at most. */
  readonly limit?: number;
  /** Called once for each fetch that failed for good, however many callers waited for it. */
  readonly onFailure?: (jwksUrl: string, error: unknown, issuer?: string) => void;
}

/**
 * The keys that parties publish under their JWKS URLs, kept for an hour and fetched afresh when a token names an unknown kid.
 *
 * Never stale: once the hour is over, an endpoint that does not answer leaves its party without keys. A party withdraws a stolen
 * key by taking it out of its set, and the thief may also be able to keep us from fetching that set; the hour is the longest
 * such a key can serve. Within the hour a failed fetch changes nothing.
 */
export class JwksCache {
  private readonly entries: LRUCache<string, Entry>;
  private readonly now: () => number;
  private readonly onFailure: (jwksUrl: string, error: unknown, issuer?: string) => void;

  constructor(
    private readonly outbound: OutboundClient,
    { now = Date.now, limit = 1000, onFailure = () => undefined }: JwksCacheOptions = {},
  ) {
    this.entries = new LRUCache({ max: limit });
    this.now = now;
    this.onFailure = onFailure;
  }

  /**
   * The key that a token with this kid is verified with; undefined when the set has none, or cannot be had at the moment. Waits
   * up to 9 s where it has to fetch; callers of the same URL wait for the same fetch.
   * @param issuer whose keys these are, as `onFailure` names it
   */
  async keyFor(jwksUrl: string, kid: string | undefined, issuer?: string): Promise<VerificationKey | undefined> {
    const entry = this.entries.get(jwksUrl) ?? { expiresAt: 0, quietUntil: 0 };
    this.entries.set(jwksUrl, entry);
    const held = this.keysOf(entry);
    const lacking = held === undefined || (kid !== undefined && held.find(kid) === undefined);
    if (lacking && (entry.fetching !== undefined || this.now() >= entry.quietUntil)) {
      entry.fetching ??= this.refresh(jwksUrl, entry, issuer);
      await entry.fetching;
    }
    return this.keysOf(entry)?.find(kid);
  }

  private keysOf(entry: Entry): KeySet | undefined {
    return this.now() < entry.expiresAt ? entry.keys : undefined;
  }

  private async refresh(jwksUrl: string, entry: Entry, issuer?: string): Promise<void> {
    const forUnknownKid = this.keysOf(entry) !== undefined;
    let pauseSeconds = forUnknownKid ? unknownKidPauseSeconds : 0;
    try {
      entry.keys = await this.fetchPatiently(jwksUrl);
      entry.expiresAt = this.now() + lifetimeSeconds * 1000;
    } catch (error) {
      pauseSeconds = Math.max(pauseSeconds, failurePauseSeconds);
      this.onFailure(jwksUrl, error, issuer);
    } finally {
      entry.quietUntil = this.now() + pauseSeconds * 1000;
      entry.fetching = undefined;
    }
  }

  private async fetchPatiently(jwksUrl: string): Promise<KeySet> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.fetch(jwksUrl);
      } catch (error) {
        if (attempt === tries || isFinal(error)) throw error;
      }
    }
  }

  private async fetch(jwksUrl: string): Promise<KeySet> {
    const { status, body } = await this.outbound.request({
      url: jwksUrl,
      method: 'GET',
      headers: { accept: 'application/jwk-set+json, application/json' },
      timeoutSeconds: tryTimeoutSeconds,
      maxResponseBytes: maxJwksBytes,
    });
    if (status !== 200) throw new JwksNotServed(status);
    return parseJwks(parseJson(body));
  }
}

/** Whether trying again at once would only bring the same. */
function isFinal(error: unknown): boolean {
  return error instanceof OutboundRefused || error instanceof OutboundTooLarge || error instanceof InvalidJwks;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new InvalidJwks('not JSON', { cause });
  }
}

/** The server behind a JWKS URL answered, but not with 200. */
export class JwksNotServed extends Error {
  override readonly name = 'JwksNotServed';

  constructor(status: number) {
    super(`answered ${status} where a JWK set was expected`);
  }
}
