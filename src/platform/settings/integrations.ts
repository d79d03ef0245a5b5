import { type EnvironmentReader } from './environment-reader';

/** The OpenID Connect provider that identifies the people who sign. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly scope: string;
  /** The claims that carry a person's identity number, and name. */
  readonly idClaim: string;
  readonly nameClaim: string;
}

/** `OIDC_*`; undefined where no provider is named. */
export function readOidc(read: EnvironmentReader): OidcSettings | undefined {
  const issuer = read.url('OIDC_ISSUER', ['http:', 'https:']);
  const clientId = read.text('OIDC_CLIENT_ID');
  if ((issuer === undefined) !== (clientId === undefined)) read.fault('OIDC_ISSUER', 'and OIDC_CLIENT_ID go together');
  if (issuer === undefined || clientId === undefined) return undefined;
  return {
    issuer,
    clientId,
    clientSecret: read.text('OIDC_CLIENT_SECRET'),
    scope: read.text('OIDC_SCOPE') ?? 'openid profile',
    idClaim: read.text('OIDC_ID_CLAIM') ?? 'sub',
    nameClaim: read.text('OIDC_NAME_CLAIM') ?? 'name',
  };
}

/** The OpenID Connect provider at which operators log in, and whose tokens they call the administration with. */
export interface OperatorsSettings {
  readonly issuer: string;
  /** That of this server at the provider, and so the audience of the tokens. */
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly scope: string;
  /** The claims that carry an operator's role, and tenants: a name, or names joined by dots where they are nested. */
  readonly roleClaim: string;
  readonly tenantsClaim: string;
  /** The address that browsers reach `/admin` under, without a closing slash. */
  readonly adminUrl: string;
}

/** `OPERATORS_*`; undefined where no provider is named. */
export function readOperators(read: EnvironmentReader, publicUrl: string): OperatorsSettings | undefined {
  const issuer = read.url('OPERATORS_ISSUER', ['http:', 'https:']);
  const clientId = read.text('OPERATORS_CLIENT_ID');
  const adminUrl = read.url('ADMIN_URL', ['http:', 'https:']);
  if ((issuer === undefined) !== (clientId === undefined))
    read.fault('OPERATORS_ISSUER', 'and OPERATORS_CLIENT_ID go together');
  if (issuer === undefined || clientId === undefined) return undefined;
  if (adminUrl === undefined && read.text('ADMIN_PORT') !== undefined)
    read.fault('ADMIN_URL', 'is required with OPERATORS_ISSUER and ADMIN_PORT');
  return {
    issuer,
    clientId,
    clientSecret: read.text('OPERATORS_CLIENT_SECRET'),
    scope: read.text('OPERATORS_SCOPE') ?? 'openid profile email',
    roleClaim: read.text('OPERATORS_ROLE_CLAIM') ?? 'roles',
    tenantsClaim: read.text('OPERATORS_TENANTS_CLAIM') ?? 'tenants',
    adminUrl: adminUrl ?? publicUrl,
  };
}

/** The forms of a body that what is filled in can be escaped for. */
const gatewayContentTypes = ['application/json', 'application/x-www-form-urlencoded', 'text/plain'] as const;
export type GatewayContentType = (typeof gatewayContentTypes)[number];

/** How an SMS is handed to an HTTP gateway. */
export interface SmsGatewaySettings {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: GatewayContentType;
  /** `{recipient}` and `{text}` are filled in, escaped for the content type. */
  readonly body: string;
}

/** Undefined where there is no `SMS_GATEWAY_URL`. */
export function readSmsGateway(read: EnvironmentReader): SmsGatewaySettings | undefined {
  const url = read.url('SMS_GATEWAY_URL', ['http:', 'https:']);
  const method = read.oneOf('SMS_GATEWAY_METHOD', ['POST', 'PUT', 'PATCH'], 'POST');
  const given = Object.entries(read.texts('SMS_GATEWAY_HEADERS'));
  const isType = ([name]: [string, string]): boolean => name.toLowerCase() === 'content-type';
  const contentType = contentTypeOf(given.find(isType)?.[1] ?? 'application/json');
  if (contentType === undefined)
    read.fault('SMS_GATEWAY_HEADERS', `must name one of ${gatewayContentTypes.join(', ')} as Content-Type`);
  const headers = Object.fromEntries(given.filter((header) => !isType(header)));
  const body = read.text('SMS_GATEWAY_BODY') ?? '{"to":"{recipient}","text":"{text}"}';
  for (const placeholder of ['{recipient}', '{text}'])
    if (!body.includes(placeholder)) read.fault('SMS_GATEWAY_BODY', `must hold ${placeholder}`);
  return url === undefined || contentType === undefined ? undefined : { url, method, headers, contentType, body };
}

function contentTypeOf(header: string): GatewayContentType | undefined {
  const type = header.split(';')[0]?.trim().toLowerCase();
  return gatewayContentTypes.find((each) => each === type);
}

/** PEM files. */
export interface SigningAuthoritySettings {
  readonly keyFile: string;
  readonly certificateFile: string;
}

/** `SIGNING_CA_*_FILE`; undefined where none are named. */
export function readSigningAuthority(read: EnvironmentReader): SigningAuthoritySettings | undefined {
  const keyFile = read.text('SIGNING_CA_KEY_FILE');
  const certificateFile = read.text('SIGNING_CA_CERTIFICATE_FILE');
  if ((keyFile === undefined) !== (certificateFile === undefined))
    read.fault('SIGNING_CA_KEY_FILE', 'and SIGNING_CA_CERTIFICATE_FILE go together');
  return keyFile === undefined || certificateFile === undefined ? undefined : { keyFile, certificateFile };
}
