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
