import { Injectable } from '@nestjs/common';
import { Notifier } from '../../platform/notify/notifier';
import { changedTopicOf } from '../sign-request.repository';
import { PortalRepository } from './portal.repository';

/** Less than proxies commonly wait for an answer. */
const longestWaitMs = 25_000;

/** The long polls of open pages, answered by a transition on any node, or by a timeout when it is due. */
@Injectable()
export class StateWatch {
  constructor(
    private readonly notifier: Notifier,
    private readonly requests: PortalRepository,
  ) {}

  /**
   * Waits until the request's tag is another than `seen`, at most 25 s, and no longer than until `gone` is aborted or
   * this node stops. A notice that is lost is made up for by the page, which looks at the end of each wait.
   */
  async changed(linkHash: Buffer, seen: unknown, gone: AbortSignal): Promise<void> {
    const until = performance.now() + longestWaitMs;
    await this.notifier.until(changedTopicOf(linkHash), gone, async () => {
      const request = await this.requests.byLink(linkHash);
      const leftMs = until - performance.now();
      if (request === undefined || request.tag !== seen || leftMs <= 0 || this.notifier.isStopping)
        return { answer: true };
      const timeoutMs = request.secondsLeft === null ? leftMs : request.secondsLeft * 1000;
      return { againWithinMs: Math.min(leftMs, timeoutMs) };
    });
  }
}
