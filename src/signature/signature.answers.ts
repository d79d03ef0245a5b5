import { applyDecorators, HttpCode, HttpStatus, type Type, UseInterceptors } from '@nestjs/common';
import { type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { type Response } from 'express';
import { map, type Observable } from 'rxjs';
import { type ErrorFormat } from '../platform/envelope/error-format';
import { type Failure } from '../platform/envelope/failure';
import { Answers, failuresOf } from '../platform/openapi/answers';
import { deviceErrorFormat, signatureErrorFormat } from './signature.error-format';
import { type Speaker, successOf } from './signature.envelope';
import { type SignatureErrorCode, SignatureRefusal } from './signature.errors';

const speakers = { users: signatureErrorFormat, devices: deviceErrorFormat } as const satisfies Record<
  Speaker,
  ErrorFormat
>;

export interface SignatureAnswer {
  /** Which part of the vendor's platform answers. */
  readonly by: Speaker;
  /** What a success says. */
  readonly message: string;
  /** 200 where nothing is given. */
  readonly status?: HttpStatus;
  /** Describes a success, see `answerBy`. */
  readonly body: Type;
  /** The data of successes, as examples by name. */
  readonly examples: Readonly<Record<string, unknown>>;
  readonly refusals: readonly SignatureErrorCode[];
  /** Headers of a success besides: name → example. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What may fail besides: of the kinds that a body brings, `jsonBody`. */
  readonly failures?: readonly Failure[];
}

/** Failures of a route that reads JSON: the body, or one of its fields, is not what it should be. */
export const jsonFailures: readonly Failure[] = [
  { kind: 'invalid-input', faults: [{ field: 'transactionId', problem: 'transactionId should not be null or empty' }] },
  ...failuresOf.jsonBody,
];

/** What a route answers: puts its successes into the envelope, and documents them with its failures. */
export function SignatureAnswers({
  by,
  message,
  status = HttpStatus.OK,
  body,
  examples,
  refusals,
  failures,
  headers,
}: SignatureAnswer) {
  const bodies = Object.entries(examples).map(([name, data]) => [name, successOf(by, message, data)] as const);
  return applyDecorators(
    HttpCode(status),
    UseInterceptors(new SignatureEnvelopeInterceptor(by, message)),
    Answers(speakers[by], { status, body, examples: Object.fromEntries(bodies), headers }, [
      ...(failures ?? []),
      ...failuresOf.authentication,
      ...refusals.map((code) => new SignatureRefusal(code)),
    ]),
  );
}

/** Data that is answered with headers beside it. */
export class DataWithHeaders<Data> {
  constructor(
    readonly data: Data,
    readonly headers: Readonly<Record<string, string>>,
  ) {}
}

class SignatureEnvelopeInterceptor implements NestInterceptor {
  constructor(
    private readonly by: Speaker,
    private readonly message: string,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<object> {
    return next.handle().pipe(
      map((result) => {
        if (!(result instanceof DataWithHeaders)) return successOf(this.by, this.message, result);
        context.switchToHttp().getResponse<Response>().set(result.headers);
        return successOf(this.by, this.message, result.data);
      }),
    );
  }
}
