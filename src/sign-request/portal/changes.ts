import { Injectable } from '@nestjs/common';
import { type Response } from 'express';
import { StateWatch } from './state-watch';

/** Less than proxies commonly wait for an answer. */
const longestWaitMs = 25_000;

/** The long poll of an open page: answered, with nothing, as soon as there is something new to show. */
@Injectable()
export class Changes {
  constructor(private readonly watch: StateWatch) {}

  async wait(linkHash: Buffer, seen: unknown, response: Response): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(longestWaitMs)]);
    await this.watch.changed(linkHash, typeof seen === 'string' ? seen : '', signal);
  }
}
