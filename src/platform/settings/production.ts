import { type HttpPolicy, type HttpUse, mayUseHttp } from './allowed-http';
import { type EnvironmentReader } from './environment-reader';
import { type OidcSettings } from './oidc';
import { type SmsGatewaySettings } from './sms-gateway';
import { isText, weaknessOf } from './weak-secret';

const minAdminTokenLength = 32;

interface JudgedSettings extends HttpPolicy {
  readonly publicUrl: string;
  readonly masterKey?: Buffer;
  readonly adminToken?: string;
  readonly sandbox: boolean;
  readonly oidc?: OidcSettings;
  readonly smsGateway?: SmsGatewaySettings;
}

/** Notes each setting that is too weak for `NODE_ENV=production`. */
export function refuseWeakSettings(read: EnvironmentReader, settings: JudgedSettings): void {
  const { publicUrl, masterKey, adminToken, sandbox, oidc, smsGateway } = settings;
  if (read.text('PUBLIC_URL') === undefined) read.fault('PUBLIC_URL', 'is required with NODE_ENV=production');
  else if (!read.isFaulty('PUBLIC_URL')) refuseHttp(read, settings, 'PUBLIC_URL', publicUrl, 'public-url');
  refuseHttp(read, settings, 'OIDC_ISSUER', oidc?.issuer, 'identity');
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
