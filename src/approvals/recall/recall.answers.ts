import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { type Response } from 'express';
import { type Observable, tap } from 'rxjs';
import { type DomainRefusal, type Failure } from '../../platform/envelope/failure';
import { problemErrorFormat } from '../../platform/envelope/problem.error-format';
import { Answers, failuresOf } from '../../platform/openapi/answers';
import { RecallPage, ShownRecall } from './recall.dto';
import { RecallRefusal } from './recall.errors';

export const exampleId = '0199cc9c-8b7c-70df-b29b-39843a10c332';

const begunAt = '2025-01-15T10:30:00.000Z';

const common = { id: exampleId, tenant: 'demo', reason: 'She did not ask for this.', actor: 'key:help-desk', begunAt };

const otp = { kind: 'otp', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', before: 'pending', after: 'cancelled', ended: true };
const signature = { kind: 'signature', id: 'demo', before: 'confirmed', after: 'confirmed', ended: false };

const listedDone = {
  ...common,
  target: { person: { email: 'a•••@example.com' } },
  kinds: ['sign-request', 'signature', 'otp'],
  state: 'done',
  endedAt: begunAt,
  progress: [
    { kind: 'sign-request', total: 0, done: 0 },
    { kind: 'signature', total: 0, done: 0 },
    { kind: 'otp', total: 1, done: 1 },
  ],
};

/** Of a person: what was pending, and what had ended already. */
const exampleDone = {
  ...listedDone,
  approvals: [
    { ...signature, at: '2025-01-15T10:29:00.000Z' },
    { ...otp, at: begunAt },
  ],
};

/** Of a wider target, by a job. */
const exampleRunning = {
  ...common,
  target: { client: 'backend' },
  kinds: ['signature'],
  state: 'running',
  endedAt: null,
  progress: [{ kind: 'signature', total: 1200, done: 500 }],
  approvals: null,
};

/** Answers 202 as long as the recall is running. */
class AcceptedInterceptor implements NestInterceptor<ShownRecall> {
  intercept(context: ExecutionContext, next: CallHandler<ShownRecall>): Observable<ShownRecall> {
    const response = context.switchToHttp().getResponse<Response>();
    return next.handle().pipe(tap(({ state }) => void response.status(state === 'running' ? 202 : 200)));
  }
}

const badTarget: Failure = {
  kind: 'invalid-input',
  faults: [
    {
      field: 'target',
      problem: 'target must have exactly one of person, approval, relyingParty, client, device, tenant',
    },
  ],
};

/** Documents and words the answers of an order; `others` may fail it besides. */
export const AnswersOrdered = (others: readonly (Failure | DomainRefusal)[]) =>
  applyDecorators(
    UseInterceptors(new AcceptedInterceptor()),
    ApiHeader({ name: 'Idempotency-Key', required: false, description: 'A repetition is given the same recall.' }),
    Answers(
      problemErrorFormat,
      [
        { status: 200, body: ShownRecall, examples: { done: exampleDone, dryRun: { ...exampleDone, id: null } } },
        { status: 202, body: ShownRecall, examples: { running: exampleRunning } },
      ],
      [
        ...others,
        badTarget,
        ...failuresOf.jsonBody,
        new RecallRefusal('APPROVAL_NOT_FOUND'),
        new RecallRefusal('IDEMPOTENCY_KEY_IN_USE'),
        new RecallRefusal('IDEMPOTENCY_KEY_REUSED'),
      ],
    ),
  );

/** Documents the answers of a route that shows a recall. */
export const AnswersShown = (others: readonly (Failure | DomainRefusal)[]) =>
  Answers(
    problemErrorFormat,
    { status: 200, body: ShownRecall, examples: { done: exampleDone, running: exampleRunning } },
    [...others, new RecallRefusal('NOT_FOUND')],
  );

/** Documents the answers of a list of recalls. */
export const AnswersListed = (others: readonly (Failure | DomainRefusal)[]) =>
  Answers(
    problemErrorFormat,
    {
      status: 200,
      body: RecallPage,
      examples: { found: { items: [listedDone], next: exampleId }, last: { items: [listedDone], next: null } },
    },
    [...others, { kind: 'invalid-input', faults: [{ field: 'limit', problem: 'limit must not be greater than 200' }] }],
  );
