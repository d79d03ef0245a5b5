import { type Failure } from './failure';

/** What every 503 carries: after how many seconds the call may be made again. */
export const retryAfter = { 'Retry-After': '1' } as const;

/** What every error format says of a call that cannot be served now. */
export function unavailableMessage({ mayBeDone }: Extract<Failure, { kind: 'unavailable' }>): string {
  return mayBeDone
    ? 'It is not known whether this call was carried out; the same call again tells'
    : 'This call cannot be served at present; please try again';
}
