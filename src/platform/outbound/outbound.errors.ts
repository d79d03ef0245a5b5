/** What every failed call to another server is. Messages name the host and never the path, which may hold a secret. */
export abstract class OutboundError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** The call was not made, and trying again would not change that: its URL, address or headers are not allowed. */
export class OutboundRefused extends OutboundError {}

/** The exchange was not over by its deadline. The other server may have acted on the request all the same. */
export class OutboundTimeout extends OutboundError {
  constructor(host: string, timeoutSeconds: number) {
    super(`${host} did not answer in full within ${timeoutSeconds} s`);
  }
}

/** The answer's body is longer than the caller allowed; the rest of it was not read. */
export class OutboundTooLarge extends OutboundError {
  constructor(host: string, maxResponseBytes: number) {
    super(`${host} answered with more than ${maxResponseBytes} bytes`);
  }
}

/** The network, DNS, TLS or HTTP itself failed (`cause` says how). The other server may have acted on the request all the same. */
export class OutboundFailed extends OutboundError {
  constructor(host: string, cause: Error & { code?: string }) {
    // A failed connection to several addresses is an AggregateError, whose message is empty.
    super(`${host} could not be reached: ${cause.message || (cause.code ?? cause.name)}`, { cause });
  }
}
