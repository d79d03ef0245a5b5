import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { SignatureRefusal } from '../signature.errors';

const maxLength = 256;

/**
 * The parameter that receives the transaction id of the path.
 * @throws SignatureRefusal TRANSACTION_NOT_FOUND when no transaction can have it
 */
export const TransactionId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { transactionId } = context.switchToHttp().getRequest<Request>().params;
  if (typeof transactionId !== 'string' || transactionId.length > maxLength || transactionId.includes('\0'))
    throw new SignatureRefusal('TRANSACTION_NOT_FOUND');
  return transactionId;
});
