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
