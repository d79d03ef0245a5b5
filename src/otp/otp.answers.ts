import {
  type CallHandler,
  type ExecutionContext,
  HttpStatus,
  Injectable,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { type Response } from 'express';
import { map, type Observable } from 'rxjs';
import { type RequestFacts } from '../platform/envelope/error-format';
import { type Failure } from '../platform/envelope/failure';
import { type IdentifiedRequest } from '../platform/http/request';
import { Answers, exampleFacts, failuresOf, type Success } from '../platform/openapi/answers';
import { CreatedOtp, metaOf, OtpMeta, OtpStatus, OtpSuccess } from './otp.dto';
import { otpErrorFormat } from './otp.error-format';
import { type OtpErrorCode, OtpRefusal, type OtpRefusalDetails } from './otp.errors';

/** Every success is 201 and `{meta, data}`; an answer without content is `{success: true}`. Source: Cancel (OTP), "Response". */
@Injectable()
export class OtpEnvelopeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<object | undefined>): Observable<object> {
    const { id } = context.switchToHttp().getRequest<IdentifiedRequest>();
    context.switchToHttp().getResponse<Response>().status(HttpStatus.CREATED);
    return next.handle().pipe(map((data) => successOf(data, { requestId: id, at: new Date() })));
  }
}

const exampleCreated: CreatedOtp = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  expiresAt: '2025-01-15T10:40:00.000Z',
  resendInterval: 60,
};

const exampleStatus = {
  status: 'pending',
  expiresAt: '2025-01-15T10:40:00.000Z',
  attemptsRemaining: 5,
  resendAvailableAt: '2025-01-15T10:31:00.000Z',
  delivery: 'delivered',
};

/** The data of a success, and examples of it by name. */
interface OtpData {
  readonly data: Type;
  readonly examples: Readonly<Record<string, object | undefined>>;
}

export const created: OtpData = { data: CreatedOtp, examples: { created: exampleCreated } };
export const success: OtpData = { data: OtpSuccess, examples: { success: undefined } };
export const status: OtpData = {
  data: OtpStatus,
  examples: {
    pending: exampleStatus,
    over: { ...exampleStatus, status: 'verified', attemptsRemaining: 4, resendAvailableAt: null },
  },
};

const exampleDetails: Partial<Record<OtpErrorCode, OtpRefusalDetails>> = {
  OTP_INVALID: { attemptsRemaining: 4 },
  OTP_RESEND_TOO_SOON: { retryAfterSeconds: 42 },
};

const badFields: Failure = {
  kind: 'invalid-input',
  faults: [
    { field: 'id', problem: 'Required' },
    { field: 'scope', problem: 'Invalid enum value' },
  ],
};

/** Documents an OTP route that reads JSON and is rate limited: its success, and what it refuses. */
export const OtpAnswers = (succeeded: OtpData, refusals: readonly OtpErrorCode[], failures: readonly Failure[] = []) =>
  answers(succeeded, refusals, [...failuresOf.jsonBody, ...failuresOf.rateLimit, ...failures]);

/** Documents an OTP route that has no body and is rate limited. */
export const OtpShown = (succeeded: OtpData, refusals: readonly OtpErrorCode[]) =>
  answers(succeeded, refusals, failuresOf.rateLimit);

function answers({ data, examples }: OtpData, refusals: readonly OtpErrorCode[], failures: readonly Failure[]) {
  const bodies = Object.entries(examples).map(([name, each]) => [name, successOf(each, exampleFacts)] as const);
  const succeeded: Success = { status: 201, body: answerWith(data), examples: Object.fromEntries(bodies) };
  return Answers(otpErrorFormat, succeeded, [
    badFields,
    { kind: 'unauthenticated', reason: 'missing' },
    ...failuresOf.authentication,
    ...refusals.map((code) => new OtpRefusal(code, exampleDetails[code])),
    ...failures,
  ]);
}

/** The envelope of a success with this data; its name is the data's with `Answer`. Source: Cancel (OTP), "Response". */
function answerWith(data: Type): Type {
  class OtpAnswer {
    @ApiProperty()
    meta: OtpMeta;

    @ApiProperty({ type: data })
    data: object;
  }
  Object.defineProperty(OtpAnswer, 'name', { value: `${data.name}Answer` });
  return OtpAnswer;
}

/** The body of a success; without data of its own it is `{success: true}`. */
function successOf(data: object | undefined, facts: Pick<RequestFacts, 'requestId' | 'at'>): object {
  return { meta: metaOf(facts), data: data ?? { success: true } };
}
