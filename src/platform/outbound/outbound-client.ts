import { lookup } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import { type LookupFunction } from 'node:net';
import { Global, Module } from '@nestjs/common';
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
  readonly method: string;
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
  readonly headers: http.IncomingHttpHeaders;
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
    const headers = call.headers ?? {};
    checkTargetHeaders(headers);

    const { request: open } = url.protocol === 'https:' ? https : http;
    // No shared agent: a kept-alive connection would carry a request to an address judged at another time.
    const { method, signal } = call;
    const request = open(url, { method, headers, agent: false, lookup: this.lookup, signal });
    const deadline = after(call.timeoutSeconds, new OutboundTimeout(url.host, call.timeoutSeconds));
    try {
      return await Promise.race([exchange(request, call, url.host), deadline.expired]);
    } catch (error) {
      throw error instanceof OutboundError ? error : new OutboundFailed(url.host, error as Error);
    } finally {
      deadline.clear();
      request.destroy();
    }
  }
}

async function exchange(request: http.ClientRequest, call: OutboundRequest, host: string): Promise<OutboundResponse> {
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
    request.on('close', () => {
      reject(new Error('the connection was closed before an answer'));
    });
    request.end(call.body);
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > call.maxResponseBytes) throw new OutboundTooLarge(host, call.maxResponseBytes);
    chunks.push(chunk);
  }
  // Node types the status as optional because servers share the class; a response to a request always has one.
  return { status: response.statusCode as number, headers: response.headers, body: Buffer.concat(chunks, bytes) };
}

function after(seconds: number, error: Error): { expired: Promise<never>; clear: () => void } {
  let timer: NodeJS.Timeout;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(error);
    }, seconds * 1000);
  });
  return {
    expired,
    clear: () => {
      clearTimeout(timer);
    },
  };
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
