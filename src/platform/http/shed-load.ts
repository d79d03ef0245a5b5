import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { type RequestHandler } from 'express';
import { Failed } from '../envelope/failure';

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

const windowMs = 1_000;
/** So many windows in a row, so that a single long computation is not taken for overload. */
const windowsInARow = 2;

/** How late this process is with everything it does, because it has too much to do or too little CPU. */
export class EventLoopLag {
  private readonly delays: IntervalHistogram = monitorEventLoopDelay();
  private readonly timer: NodeJS.Timeout;
  private lateWindows = 0;

  /** @param limitMs a mean delay that is too much, in milliseconds */
  constructor(limitMs: number) {
    this.delays.enable();
    this.timer = setInterval(() => {
      const meanMs = this.delays.mean / 1_000_000;
      this.lateWindows = meanMs > limitMs ? this.lateWindows + 1 : 0;
      this.delays.reset();
    }, windowMs).unref();
  }

  /** Whether the process has been late for some time and is so still. */
  get isExcessive(): boolean {
    return this.lateWindows >= windowsInARow;
  }

  stop(): void {
    clearInterval(this.timer);
    this.delays.disable();
  }
}
