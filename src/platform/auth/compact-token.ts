type JsonObject = Readonly<Record<string, unknown>>;

/** A JWT taken apart, with nothing in it believed yet. */
export interface CompactToken {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

const maxLength = 8 * 1024;
/** Extensions that change what is signed, or that must be understood to be safe; we understand none (RFC 7515, 4.1.11; RFC 7797). */
const refusedHeaders = ['crit', 'b64'];
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Takes apart a JWT in compact form (RFC 7515, section 7.1; RFC 7519, section 7.2), before its signature is checked, so that the
 * signature's key can be looked up. Undefined when it is not strictly of that form: three non-empty parts of canonical base64url,
 * at most 8 KiB in all, header and claims JSON objects in UTF-8 in which no name occurs twice.
 *
 * Keys that the header itself brings or points to (`jwk`, `jku`, `x5c`, `x5u`) say nothing about the sender: never use them.
 */
export function readCompactToken(text: string): CompactToken | undefined {
  if (text.length > maxLength) return undefined;
  const parts = text.split('.');
  if (parts.length !== 3) return undefined;
  const [headerBytes, claimsBytes, signature] = parts.map(decodeBase64Url);
  if (headerBytes === undefined || claimsBytes === undefined || signature === undefined) return undefined;
  const header = parseObject(headerBytes);
  const claims = parseObject(claimsBytes);
  if (header === undefined || claims === undefined) return undefined;
  if (refusedHeaders.some((name) => Object.hasOwn(header, name))) return undefined;
  return { header, claims };
}

/** Node's decoder overlooks padding, white space and stray bits; encoding again shows whether there was anything to overlook. */
function decodeBase64Url(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return part !== '' && bytes.toString('base64url') === part ? bytes : undefined;
}

function parseObject(bytes: Buffer): JsonObject | undefined {
  try {
    const json = utf8.decode(bytes);
    const value: unknown = JSON.parse(json);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && countNamesWritten(json) === countNamesKept(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** How many member names valid JSON spells out: every string with a colon after it. */
function countNamesWritten(json: string): number {
  let names = 0;
  for (const [, colon] of json.matchAll(/"(?:[^"\\]|\\.)*"\s*(:)?/g)) if (colon !== undefined) names += 1;
  return names;
}

/** How many members parsing left; fewer than were written means that one silently replaced another of its name. */
function countNamesKept(root: object): number {
  let names = 0;
  // No recursion: depth is the sender's choice.
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    const members: unknown[] = Object.values(value);
    if (!Array.isArray(value)) names += members.length;
    open.push(...members);
  }
  return names;
}
