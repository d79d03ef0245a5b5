import { type Request } from 'express';

/**
 * What follows `Bearer` in the `Authorization` header (RFC 6750, section 2.1). Not passport-jwt's extractor: its
 * pattern has no anchor, and takes seconds over a long header without a space.
 */
export function bearerToken({ headers }: Pick<Request, 'headers'>): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}
