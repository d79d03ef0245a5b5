import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { type Response } from 'express';
import { map, type Observable } from 'rxjs';
import { type Page, pageHeaders, renderPage } from './page';

/** The answer to a form: look there now. */
export class SeeOther {
  constructor(readonly url: string) {}
}

@Injectable()
class PageInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<Page | SeeOther>): Observable<string> {
    const response = context.switchToHttp().getResponse<Response>();
    return next.handle().pipe(
      map((answer) => {
        response.set(pageHeaders);
        if (!(answer instanceof SeeOther)) {
          response.status(answer.status ?? 200);
          return renderPage(answer);
        }
        response.status(303).location(answer.url);
        return '';
      }),
    );
  }
}

/** The handlers answer with a `Page`, or with `SeeOther`. */
export const Pages = () => UseInterceptors(PageInterceptor);
