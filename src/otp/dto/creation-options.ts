import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { Failed } from '../../platform/envelope/failure';

/** What a caller may say about a create besides what is made. */
export interface CreationOptions {
  /** With it a repetition is given the first answer, and nothing is made. */
  readonly idempotencyKey?: string;
  /** The language of the message, as a language tag. */
  readonly locale?: string;
}

/** The parameter that receives what the headers `Idempotency-Key` and `x-locale` say. */
export const Options = createParamDecorator((_: unknown, context: ExecutionContext): CreationOptions => {
  const request = context.switchToHttp().getRequest<Request>();
  return { idempotencyKey: keyOf(request.get('idempotency-key')), locale: localeOf(request.get('x-locale')) };
});

function keyOf(key: string | undefined): string | undefined {
  if (key === undefined || /^[\x20-\x7e]{1,255}$/.test(key)) return key;
  const problem = 'Expected 1 to 255 characters of ASCII';
  throw new Failed({ kind: 'invalid-input', faults: [{ field: 'Idempotency-Key', problem }] });
}

/** What is no language tag is passed over, as is a language that nobody has words in. */
function localeOf(locale: string | undefined): string | undefined {
  return locale !== undefined && /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/i.test(locale) ? locale : undefined;
}
