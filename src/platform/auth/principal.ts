import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** A relying party of Sign v3, known by the token it signed. */
export interface RelyingPartyPrincipal {
  readonly kind: 'relying-party';
  readonly tenantId: string;
  readonly clientId: string;
  /** What the token says besides; each route reads its own claims out of it. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** The token's `jti`; where there is one it has been spent by this very call. */
  readonly tokenId?: string;
}

/** Somebody with an access token of a tenant: its issuer's or our own. */
export interface BearerPrincipal {
  readonly kind: 'bearer';
  readonly tenantId: string;
  readonly subject: string;
}

/** A tenant's backend with one of its tenant tokens. */
export interface TenantPrincipal {
  readonly kind: 'tenant';
  readonly tenantId: string;
  readonly subject: string;
}

/** A user's device, by a token it signed for one call. */
export interface DevicePrincipal {
  readonly kind: 'device';
  readonly tenantId: string;
  readonly userId: string;
  readonly deviceId: string;
  /** The token's `jti`, spent by this very call. */
  readonly tokenId: string;
}

/** Whoever runs this server. */
export interface AdminPrincipal {
  readonly kind: 'admin';
}

export type Principal = RelyingPartyPrincipal | BearerPrincipal | TenantPrincipal | DevicePrincipal | AdminPrincipal;

/** The name that history knows a principal by. */
export function actorOf(principal: Principal): string {
  switch (principal.kind) {
    case 'relying-party':
      return `relying-party:${principal.clientId}`;
    case 'bearer':
      return `bearer:${principal.subject}`;
    case 'tenant':
      return `tenant:${principal.subject}`;
    case 'device':
      return `device:${principal.deviceId}`;
    case 'admin':
      return 'admin';
  }
}

/** The parameter that receives who is asking, as the guard found out. */
export const Asking = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  return context.switchToHttp().getRequest<{ user: Principal }>().user;
});
