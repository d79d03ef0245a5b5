import { Logger } from '@nestjs/common';
import { type RequestHandler } from 'express';

const warning =
  'A request came with X-Forwarded-For, but TRUST_PROXY is not set: all callers behind the proxy share its address and its rate limits, and https is not seen';

/** Warns once of a proxy before this server which the settings do not name; where they do, this is not in use. */
export function warnOfProxy(): RequestHandler {
  const log = new Logger('Proxy');
  let warned = false;
  return (request, _response, next) => {
    if (!warned && request.headers['x-forwarded-for'] !== undefined) {
      warned = true;
      log.warn(warning);
    }
    next();
  };
}
