import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { Failed } from '../envelope/failure';

/**
 * The request's `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), if it has one.
 * @throws Failed `invalid-input` when it is none
 */
export function idempotencyKeyOf(request: Pick<Request, 'get'>): string | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined || /^[\x20-\x7e]{1,255}$/.test(key)) return key;
  const problem = 'Expected 1 to 255 characters of ASCII';
  throw new Failed({ kind: 'invalid-input', faults: [{ field: 'Idempotency-Key', problem }] });
}

/** The parameter that receives the `Idempotency-Key` of the request. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined =>
  idempotencyKeyOf(context.switchToHttp().getRequest<Request>()),
);
