import { type CallHandler, type ExecutionContext, HttpStatus, Injectable, type NestInterceptor } from '@nestjs/common';
import { type Response } from 'express';
import { map, type Observable } from 'rxjs';
import { type IdentifiedRequest } from '../platform/http/request-id';
import { successOf } from './otp.envelope';

/** Every success is 201 and `{meta, data}`; an answer without content is `{success: true}`. Source: Cancel (OTP), "Response". */
@Injectable()
export class OtpEnvelopeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<object | undefined>): Observable<object> {
    const { id } = context.switchToHttp().getRequest<IdentifiedRequest>();
    context.switchToHttp().getResponse<Response>().status(HttpStatus.CREATED);
    return next.handle().pipe(map((data) => successOf(data, { requestId: id, at: new Date() })));
  }
}
