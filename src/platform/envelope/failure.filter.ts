import { Catch, Logger, type ArgumentsHost, type ExceptionFilter, HttpException } from '@nestjs/common';
import { type Response } from 'express';
import { outageOf } from '../database/outage';
import { allowedMethods, type IdentifiedRequest } from '../http/request';
import { announceQuota } from '../rate-limit/throttle.guard';
import { errorFormatOf, type ErrorFormat } from './error-format';
import { Failed, type Failure, OwnerGone, DomainRefusal } from './failure';
import { problemErrorFormat } from './problem.error-format';

/**
 * The one place where a failure becomes an answer. It goes by the request's path alone, so an error from before
 * any controller (malformed JSON, unknown route) is worded as well as one from within.
 */
@Catch()
export class FailureFilter implements ExceptionFilter {
  private readonly log = new Logger('Failure');

  constructor(private readonly errorFormats: readonly ErrorFormat[]) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<IdentifiedRequest>();
    const response = host.switchToHttp().getResponse<Response>();
    const failure = this.failureFor(thrown, request);
    if (failure.kind === 'unexpected') this.log.error(thrown);
    if (failure.kind === 'unavailable') this.log.warn(thrown);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (failure.kind === 'rate-limited' && failure.exceeded !== undefined) announceQuota(response, failure.exceeded);
    // Within a middleware that is mounted at a path, the rest alone is called `path`.
    const path = request.baseUrl + request.path;
    const errorFormat = errorFormatOf(this.errorFormats, path) ?? problemErrorFormat;
    const facts = { requestId: request.id, method: request.method, path, at: new Date() };
    const { status, headers = {}, body } = errorFormat.render(failure, facts);
    response.status(status).set({ 'Content-Type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  private failureFor(thrown: unknown, request: IdentifiedRequest): Failure {
    const failure = failureOf(thrown);
    // A `Failed` for a path that has routes is meant: the answer must not name them.
    if (failure.kind !== 'no-such-route' || thrown instanceof Failed) return failure;
    const allowed = allowedMethods(request);
    return allowed.length > 0 && !allowed.includes(request.method) ? { kind: 'wrong-method', allowed } : failure;
  }
}

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
