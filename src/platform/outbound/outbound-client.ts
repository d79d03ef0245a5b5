import { lookup } from 'node:dns';
import { type IncomingHttpHeaders } from 'node:http';
import { type LookupFunction } from 'node:net';
import { Global, Module } from '@nestjs/common';
import { Client, type Dispatcher, errors } from 'undici';
import { type Settings, SETTINGS } from '../settings/settings';
import {
  checkTargetHeaders,
  checkTargetUrl,
  isPrivateAddress,
  OutboundError,
  OutboundFailed,
  type OutboundPolicy,
  OutboundRefused,
  OutboundTimeout,
  OutboundTooLarge,
} from './outbound-target';

export interface OutboundRequest {
  readonly url: string;
  readonly method: Dispatcher.HttpMethod;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  /** For the whole exchange: resolving, connecting, TLS, headers and body. */
  readonly timeoutSeconds: number;
  readonly maxResponseBytes: number;
  /** Breaks the exchange off. */
  readonly signal?: AbortSignal;
}

interface OutboundResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * The one way this server calls others over HTTP. Most URLs it calls were given by tenants, so it is built to be handed hostile
 * ones: private addresses are out of reach, time and memory are bounded, and redirects are returned, never followed.
 */
export class OutboundClient {
  private readonly lookup: LookupFunction;

  constructor(
    private readonly policy: OutboundPolicy,
    resolve: LookupFunction = lookup,
  ) {
    this.lookup = policy.allowPrivateTargets ? resolve : guardedLookup(resolve);
  }

  /**
   * Makes one call, over a connection of its own. Any status is an answer, 3xx and 5xx too.
   *
   * @throws OutboundRefused when the URL, the headers or an address the host resolves to are not allowed.
   * @throws OutboundTimeout when the exchange is not over in time.
   * @throws OutboundTooLarge when the body exceeds `maxResponseBytes`.
   * @throws OutboundFailed when DNS, the network, TLS or HTTP fails, or the signal breaks it off.
   */
  async request(call: OutboundRequest): Promise<OutboundResponse> {
    const url = checkTargetUrl(call.url, this.policy);
    checkTargetHeaders(call.headers ?? {});
    const timeoutMs = call.timeoutSeconds * 1000;
    const deadline = AbortSignal.timeout(timeoutMs);
    // No shared agent: a kept-alive connection would carry a request to an address judged at another time.
    const client = new Client(url.origin, {
      connect: { lookup: this.lookup, timeout: timeoutMs },
      pipelining: 0,
      maxResponseSize: call.maxResponseBytes,
    });
    try {
      const { statusCode, headers, body } = await client.request({
        path: url.pathname + url.search,
        method: call.method,
        headers: call.headers,
        body: call.body,
        signal: call.signal === undefined ? deadline : AbortSignal.any([call.signal, deadline]),
      });
      return { status: statusCode, headers, body: Buffer.from(await body.bytes()) };
    } catch (error) {
      if (deadline.aborted || error instanceof errors.ConnectTimeoutError)
        throw new OutboundTimeout(url.host, call.timeoutSeconds);
      if (error instanceof errors.ResponseExceededMaxSizeError)
        throw new OutboundTooLarge(url.host, call.maxResponseBytes);
      throw error instanceof OutboundError ? error : new OutboundFailed(url.host, error as Error);
    } finally {
      void client.destroy();
    }
  }
}

/**
 * A socket's name resolution that refuses private addresses. The socket connects to the very answer judged here, so a name that
 * resolves differently a moment later (DNS rebinding) gains nothing. One private address among public ones refuses the whole
 * name: which of them the socket would take is not ours to foresee.
 */
export function guardedLookup(resolve: LookupFunction): LookupFunction {
  return (hostname, options, answer) => {
    resolve(hostname, options, (error, resolved, family) => {
      if (error) {
        answer(error, resolved, family);
        return;
      }
      const addresses = typeof resolved === 'string' ? [resolved] : resolved.map(({ address }) => address);
      if (addresses.some(isPrivateAddress)) {
        answer(new OutboundRefused(`${hostname} is not a host on the public internet`), []);
        return;
      }
      answer(null, resolved, family);
    });
  };
}

@Global()
@Module({
  providers: [
    { provide: OutboundClient, useFactory: (settings: Settings) => new OutboundClient(settings), inject: [SETTINGS] },
  ],
  exports: [OutboundClient],
})
export class OutboundModule {}
