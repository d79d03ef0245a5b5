import { type RequestHandler } from 'express';
import { Failed } from '../envelope/failure';
import { type EventLoopLag } from '../observability/event-loop-lag';

/**
 * Refuses calls while the process cannot keep up: an early 503 costs little, and another node may serve the call. Health
 * is exempt, since a node that is busy need not be restarted.
 */
export const shedLoad =
  (lag: EventLoopLag): RequestHandler =>
  (request, _response, next) => {
    if (!lag.isExcessive || request.path.startsWith('/health/')) next();
    else throw new Failed({ kind: 'unavailable', mayBeDone: false });
  };
