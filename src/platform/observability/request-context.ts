import { AsyncLocalStorage } from 'node:async_hooks';

interface RequestContext {
  readonly requestId: string;
}

const storage = new AsyncLocalStorage<RequestContext | undefined>();

/** Runs what follows, and all it awaits, as part of one request. */
export function withRequestId<Result>(requestId: string, work: () => Result): Result {
  return storage.run({ requestId }, work);
}

/** Runs what follows, and all it awaits, as part of no request, also where a request gave the occasion. */
export function outsideRequests<Result>(work: () => Result): Result {
  return storage.run(undefined, work);
}

/** The id of the request that is being served, where one is: it goes into log lines and history rows. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}
