import { type NextFunction, type Request, type Response } from 'express';
import { Failed } from '../platform/envelope/failure';

/** The names of actions are no ids: without this, `GET /otp/cancel` would ask for the status of an OTP called so. */
export function onlyPost(request: Request, _response: Response, next: NextFunction): void {
  if (request.method !== 'POST') throw new Failed({ kind: 'wrong-method', allowed: ['POST'] });
  next();
}
