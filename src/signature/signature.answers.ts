import { applyDecorators, HttpCode, HttpStatus, type Type, UseInterceptors } from '@nestjs/common';
import { type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { type Response } from 'express';
import { map, type Observable } from 'rxjs';
import { type ErrorFormat } from '../platform/envelope/error-format';
import { type Failure } from '../platform/envelope/failure';
import { Answers, failuresOf } from '../platform/openapi/answers';
import { deviceErrorFormat, signatureErrorFormat, type Speaker, subSystems } from './signature.error-format';
import { type SignatureErrorCode, SignatureRefusal } from './signature.errors';

const speakers = { users: signatureErrorFormat, devices: deviceErrorFormat } as const satisfies Record<
  Speaker,
  ErrorFormat
>;

interface SignatureAnswer {
  /** Which part of the vendor's platform answers. */
  readonly by: Speaker;
  /** The `message` of a success. */
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

/** Failures of a route that reads JSON: the body, or one of its fields, is invalid. */
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

/**
 * Describes an answer of success. Source: Cancel Signature, "Response".
 * @param name the schema's in the API's document
 * @param data of its data; none where there is none
 */
export function answerBy(by: Speaker, name: string, data?: ApiPropertyOptions): Type {
  class SignatureAnswer {
    @ApiProperty({ type: 'integer', enum: [subSystems[by]] })
    subSystem: number;

    @ApiProperty({ enum: ['OK'] })
    status: string;

    @ApiProperty()
    message: string;
  }
  Object.defineProperty(SignatureAnswer, 'name', { value: name });
  if (data !== undefined) ApiProperty(data)(SignatureAnswer.prototype, 'data');
  return SignatureAnswer;
}

/** The body of a success; without `data` where there is none. Source: Cancel Signature, "Sample Response". */
export function successOf(by: Speaker, message: string, data: unknown): object {
  return { subSystem: subSystems[by], status: 'OK', message, ...(data !== undefined && { data }) };
}
