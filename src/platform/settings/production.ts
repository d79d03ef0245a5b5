import { type HttpPolicy, mayUseHttp } from './allowed-http';
import { type EnvironmentReader } from './environment-reader';
import { isText, weaknessOf } from './weak-secret';

const minAdminTokenLength = 32;

interface JudgedSettings extends HttpPolicy {
  readonly publicUrl: string;
  readonly masterKey?: Buffer;
  readonly adminToken?: string;
  readonly sandbox: boolean;
}

/** Notes each setting that is too weak for `NODE_ENV=production`. */
export function refuseWeakSettings(read: EnvironmentReader, settings: JudgedSettings): void {
  const { publicUrl, masterKey, adminToken, sandbox } = settings;
  if (read.text('PUBLIC_URL') === undefined) read.fault('PUBLIC_URL', 'is required with NODE_ENV=production');
  else if (publicUrl.startsWith('http:') && !mayUseHttp(settings, 'public-url') && !read.isFaulty('PUBLIC_URL'))
    read.fault('PUBLIC_URL', 'must start with https:// with NODE_ENV=production, unless ALLOW_HTTP names public-url');
  if (read.text('MASTER_KEY') === undefined) read.fault('MASTER_KEY', 'is required with NODE_ENV=production');
  const keyWeakness = masterKey && (isText(masterKey) ? 'is a text, not random bytes' : weaknessOf(masterKey));
  if (keyWeakness !== undefined) read.fault('MASTER_KEY', `${keyWeakness}; make one with: openssl rand -base64 32`);
  const tokenWeakness = adminToken && adminTokenWeakness(adminToken);
  if (tokenWeakness) read.fault('ADMIN_TOKEN', `${tokenWeakness}; make one with: openssl rand -hex 32`);
  if (sandbox) read.fault('SANDBOX', 'must not be true with NODE_ENV=production');
}

function adminTokenWeakness(token: string): string | undefined {
  return token.length < minAdminTokenLength
    ? `must have at least ${minAdminTokenLength} characters with NODE_ENV=production`
    : weaknessOf(Buffer.from(token));
}
