import { HttpException } from '@nestjs/common';
import { outageOf } from '../database/outage';
import { OwnerGone } from './owner-gone';
import { DomainRefusal, Failed, type Failure } from './failure';

/** Express's body readers and router mark their errors so. */
interface HttpError {
  readonly type?: unknown;
  readonly status?: unknown;
  readonly limit?: unknown;
}

/** What a thrown value means to a client. Everything unforeseen is `unexpected`: it says nothing of our insides. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Failed) return thrown.failure;
  // Its credentials were still believed; they are worth nothing any more.
  if (thrown instanceof OwnerGone) return { kind: 'unauthenticated', reason: 'invalid' };
  if (thrown instanceof DomainRefusal) return { kind: 'refused', refusal: thrown };
  if (thrown instanceof HttpException) return fromStatus(thrown.getStatus());
  const outage = outageOf(thrown);
  if (outage !== undefined) return { kind: 'unavailable', mayBeDone: outage === 'unknown' };
  if (typeof thrown === 'object' && thrown !== null) return fromExpress(thrown);
  return { kind: 'unexpected' };
}

function fromExpress(error: HttpError): Failure {
  // The router gives it a status; one of our own making would be our mistake.
  if (error instanceof URIError) return { kind: error.status === 400 ? 'malformed-url' : 'unexpected' };
  switch (error.type) {
    case 'entity.too.large':
      return { kind: 'too-large', limitBytes: typeof error.limit === 'number' ? error.limit : 0 };
    case 'entity.parse.failed':
      return { kind: 'malformed-body', problem: 'The body is not valid JSON.' };
    case 'charset.unsupported':
      return { kind: 'wrong-media-type', accepted: 'in UTF-8' };
    case 'encoding.unsupported':
      return { kind: 'wrong-media-type', accepted: 'plain, or compressed once with gzip, deflate or br' };
    case 'request.aborted':
    case 'request.size.invalid':
    case 'parameters.too.many':
    case 'querystring.parse.rangeError':
      return { kind: 'malformed-body', problem: 'The body is incomplete or malformed.' };
    default:
      return error.status === 400
        ? { kind: 'malformed-body', problem: 'The body is malformed.' }
        : { kind: 'unexpected' };
  }
}

/** Nest itself throws these; our own code throws `Failed`. */
function fromStatus(status: number): Failure {
  switch (status) {
    case 400:
      return { kind: 'malformed-url' };
    case 401:
    case 403:
      return { kind: 'unauthenticated', reason: 'invalid' };
    case 404:
      return { kind: 'no-such-route' };
    default:
      return { kind: 'unexpected' };
  }
}
