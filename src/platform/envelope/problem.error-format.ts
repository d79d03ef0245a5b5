import { STATUS_CODES } from 'node:http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type ErrorFormat, type Rendered, retryAfter, unavailableMessage } from './error-format';
import { type DomainRefusal, type Failure } from './failure';

/** A refusal that knows how it is said as a problem document. */
export interface ProblemRefusal extends DomainRefusal {
  readonly status: number;
}

class FieldProblem {
  /** The field’s name, as the client wrote it. */
  @ApiProperty({ example: 'id' })
  field: string;

  @ApiProperty()
  problem: string;
}

class Problem {
  @ApiProperty({ enum: ['about:blank'] })
  type: string;

  /** The status in words. */
  @ApiProperty({ example: 'Not Found' })
  title: string;

  @ApiProperty({ type: 'integer', minimum: 400, maximum: 599 })
  status: number;

  @ApiProperty()
  detail: string;

  /** Of a refusal: which rule says no. */
  @ApiPropertyOptional({ example: 'NOT_FOUND' })
  code?: string;

  /** Of invalid input: what is wrong with each field. */
  @ApiPropertyOptional({ type: [FieldProblem] })
  errors?: readonly FieldProblem[];
}

/** RFC 9457 problem documents: what `/admin` and `/sandbox` answer with, and every path that has no error format of its own. */
export const problemErrorFormat: ErrorFormat = {
  bases: ['/admin', '/sandbox'],
  errorBody: Problem,
  render: (failure) => {
    const rendered = problemOf(failure);
    return { ...rendered, headers: { 'Content-Type': 'application/problem+json', ...rendered.headers } };
  },
};

function problemOf(failure: Failure): Rendered {
  switch (failure.kind) {
    case 'unreadable':
      return problem(failure.status, failure.problem);
    case 'insecure-transport':
      return problem(403, 'This server is called over https only.');
    case 'rate-limited':
      return problem(429, 'Too many requests.');
    case 'unauthenticated':
      return { ...problem(401, 'A valid bearer token is needed.'), headers: { 'WWW-Authenticate': 'Bearer' } };
    case 'wrong-media-type':
      return problem(415, `The body must be ${failure.accepted}.`);
    case 'too-large':
      return problem(413, `The body must not be larger than ${failure.limitBytes} bytes.`);
    case 'malformed-body':
      return problem(400, failure.problem);
    case 'malformed-url':
      return problem(400, 'The address is malformed.');
    case 'invalid-input':
      return problem(400, 'The input is invalid.', { errors: failure.faults });
    case 'no-such-route':
      return problem(404, 'There is nothing at this address.');
    case 'wrong-method':
      return { ...problem(405, 'This method is not allowed here.'), headers: { Allow: failure.allowed.join(', ') } };
    case 'refused':
      return problem(statusOf(failure.refusal), failure.refusal.message, { code: failure.refusal.code });
    case 'unavailable':
      return { ...problem(503, `${unavailableMessage(failure)}.`), headers: retryAfter };
    case 'unexpected':
      return problem(500, 'Something went wrong on our side.');
  }
}

function problem(status: number, detail: string, more: object = {}): Rendered {
  return { status, body: { type: 'about:blank', title: STATUS_CODES[status], status, detail, ...more } };
}

function statusOf(refusal: DomainRefusal): number {
  return 'status' in refusal && typeof refusal.status === 'number' ? refusal.status : 400;
}
