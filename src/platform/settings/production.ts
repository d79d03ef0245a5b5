import { type EnvironmentReader } from './environment-reader';
import { type OidcSettings, type OperatorsSettings, type SmsGatewaySettings } from './integrations';

const minAdminTokenLength = 32;

interface JudgedSettings extends HttpPolicy {
  readonly publicUrl: string;
  readonly masterKey?: Buffer;
  readonly adminToken?: string;
  readonly sandbox: boolean;
  readonly oidc?: OidcSettings;
  readonly operators?: OperatorsSettings;
  readonly smsGateway?: SmsGatewaySettings;
}

/** Notes each setting that is too weak for `NODE_ENV=production`. */
export function refuseWeakSettings(read: EnvironmentReader, settings: JudgedSettings): void {
  const { publicUrl, masterKey, adminToken, sandbox, oidc, operators, smsGateway } = settings;
  if (read.text('PUBLIC_URL') === undefined) read.fault('PUBLIC_URL', 'is required with NODE_ENV=production');
  else if (!read.isFaulty('PUBLIC_URL')) refuseHttp(read, settings, 'PUBLIC_URL', publicUrl, 'public-url');
  refuseHttp(read, settings, 'OIDC_ISSUER', oidc?.issuer, 'identity');
  refuseHttp(read, settings, 'OPERATORS_ISSUER', operators?.issuer, 'identity');
  if (read.text('ADMIN_URL') !== undefined) refuseHttp(read, settings, 'ADMIN_URL', operators?.adminUrl, 'public-url');
  refuseHttp(read, settings, 'SMS_GATEWAY_URL', smsGateway?.url, 'sms');
  if (read.text('MASTER_KEY') === undefined) read.fault('MASTER_KEY', 'is required with NODE_ENV=production');
  const keyWeakness = masterKey && (isText(masterKey) ? 'is a text, not random bytes' : weaknessOf(masterKey));
  if (keyWeakness !== undefined) read.fault('MASTER_KEY', `${keyWeakness}; make one with: openssl rand -base64 32`);
  const tokenWeakness = adminToken && adminTokenWeakness(adminToken);
  if (tokenWeakness) read.fault('ADMIN_TOKEN', `${tokenWeakness}; make one with: openssl rand -hex 32`);
  if (sandbox) read.fault('SANDBOX', 'must not be true with NODE_ENV=production');
}

function refuseHttp(read: EnvironmentReader, policy: HttpPolicy, name: string, url = '', use: HttpUse): void {
  if (!/^http:/i.test(url) || mayUseHttp(policy, use)) return;
  read.fault(name, `must start with https:// with NODE_ENV=production, unless ALLOW_HTTP names ${use}`);
}

function adminTokenWeakness(token: string): string | undefined {
  return token.length < minAdminTokenLength
    ? `must have at least ${minAdminTokenLength} characters with NODE_ENV=production`
    : weaknessOf(Buffer.from(token));
}

/** Far below what 16 random bytes in hex show, and far above what a repeated word does. */
const enoughBits = 80;

/**
 * Why a secret may be guessed, undefined where nothing speaks for it. Judges what can be seen: repetition, sequences, few different
 * characters; whether it was really drawn at random cannot be.
 */
function weaknessOf(secret: Buffer): string | undefined {
  const steps = Buffer.from(secret.subarray(1).map((byte, index) => byte - (secret[index] ?? 0)));
  const bits = Math.min(entropyBits(secret), entropyBits(steps));
  return bits < enoughBits ? `is too regular to be random (about ${Math.floor(bits)} bits)` : undefined;
}

/** Whether bytes are a typed phrase; random ones are never all printable. */
function isText(bytes: Buffer): boolean {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}

/** Shannon's, over single bytes, for each place where something new begins: a repeated word counts once. */
function entropyBits(bytes: Buffer): number {
  const counts = new Map<number, number>();
  for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  const places = new Set(Array.from(bytes, (_, index) => bytes.toString('hex', index, index + 3)));
  return bits * places.size;
}

/** What an address is used for, by the name under which plain http is allowed for it in production. */
export const httpUses = ['public-url', 'identity', 'sms', 'jwks', 'webhook', 'callback'] as const;
export type HttpUse = (typeof httpUses)[number];

export interface HttpPolicy {
  readonly production: boolean;
  /** Whose addresses may be http: in production; elsewhere all may. */
  readonly allowHttp: readonly HttpUse[];
}

/** Whether addresses of this use may be http:. */
export function mayUseHttp({ production, allowHttp }: HttpPolicy, use: HttpUse): boolean {
  return !production || allowHttp.includes(use);
}
