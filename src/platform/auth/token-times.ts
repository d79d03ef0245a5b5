/** How far a caller's clock may be from ours, in seconds. */
export const clockSkewSeconds = 5;

/**
 * Whether a token that a caller made for one call says when it was made and when it ends, is not from the future,
 * and lives no longer than `maxLifeSeconds`. (Its end itself is checked with its signature.)
 */
export function isShortLived(claims: Readonly<Record<string, unknown>>, maxLifeSeconds: number): boolean {
  const { iat, exp } = claims;
  if (typeof iat !== 'number' || typeof exp !== 'number' || !Number.isFinite(iat) || !Number.isFinite(exp))
    return false;
  const nowSeconds = Date.now() / 1000;
  return iat <= nowSeconds + clockSkewSeconds && exp > iat && exp - iat <= maxLifeSeconds;
}
