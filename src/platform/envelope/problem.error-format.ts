import { STATUS_CODES } from 'node:http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type ErrorFormat, type OwnWords, type Rendered, wordingOf } from './error-format';
import { DomainRefusal, type Failure } from './failure';

interface ProblemWords {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal that knows how it is said as a problem document. */
export abstract class ProblemRefusal extends DomainRefusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;

  constructor({ status, message, headers }: ProblemWords) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
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

/** RFC 9457 problem documents: what `/admin`, `/sandbox` and `/recalls` answer with, and every path that has no error format of its own. */
export const problemErrorFormat: ErrorFormat = {
  bases: ['/admin', '/sandbox', '/recalls'],
  errorBody: Problem,
  render: (failure) => {
    const rendered = problemOf(failure);
    return { ...rendered, headers: { 'Content-Type': 'application/problem+json', ...rendered.headers } };
  },
};

const ownWords: OwnWords = {
  'insecure-transport': () => ({ message: 'This server is called over https only' }),
  'invalid-input': () => ({ message: 'The input is invalid' }),
};

function problemOf(failure: Failure): Rendered {
  if (failure.kind === 'refused') {
    const { code, message } = failure.refusal;
    const { status = 400, headers } = failure.refusal instanceof ProblemRefusal ? failure.refusal : {};
    return { ...problem(status, message, { code }), headers };
  }
  const { status, message, headers } = wordingOf(failure, ownWords);
  const detail = message.endsWith('.') ? message : `${message}.`;
  return { ...problem(status, detail, failure.kind === 'invalid-input' ? { errors: failure.faults } : {}), headers };
}

function problem(status: number, detail: string, more: object = {}): Rendered {
  return { status, body: { type: 'about:blank', title: STATUS_CODES[status], status, detail, ...more } };
}
