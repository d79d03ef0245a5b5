import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { type Response } from 'express';
import { type IdentifiedRequest } from '../http/request-id';
import { allowedMethods } from '../http/allowed-methods';
import { announceQuota } from '../rate-limit/announce-quota';
import { errorFormatOf, type ErrorFormat } from './error-format';
import { Failed, type Failure } from './failure';
import { failureOf } from './failure-of';
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
    // Whoever refuses a path that has routes means it: nothing is to be told of them.
    if (failure.kind !== 'no-such-route' || thrown instanceof Failed) return failure;
    const allowed = allowedMethods(request);
    return allowed.length > 0 && !allowed.includes(request.method) ? { kind: 'wrong-method', allowed } : failure;
  }
}
