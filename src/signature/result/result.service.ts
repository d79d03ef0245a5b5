import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Failed } from '../../platform/envelope/failure';
import { Notifier } from '../../platform/notify/notifier';
import { ended, endedTopicOf } from '../signature.topics';
import { ResultRepository } from './result.repository';
import { type SignatureResult } from '../dto/signature-answers.dto';
import { resultOf } from './signature-result';

/** The longest a waiting call goes without looking, in seconds. */
const lookAgainSeconds = 60;

/** Tells callers how their transactions ended. */
@Injectable()
export class ResultService implements OnModuleInit {
  constructor(
    private readonly notifier: Notifier,
    private readonly results: ResultRepository,
  ) {}

  onModuleInit(): void {
    this.notifier.register(ended, (topics) => this.results.ended(topics));
  }

  /**
   * Waits until the transaction is over, on whichever node that happens.
   * Undefined when nobody waits for the answer any more; the transaction stays as it is.
   * @throws Failed `unavailable` when this node is stopped meanwhile: the same start again waits on another
   * @throws Error when the transaction is deleted meanwhile
   */
  await(tenantId: string, id: string, gone: AbortSignal): Promise<SignatureResult | undefined> {
    return this.notifier.until(endedTopicOf(tenantId, id), gone, async () => {
      const standing = await this.results.stand(tenantId, id);
      if (standing === undefined) throw new Error('The transaction was deleted while its result was waited for');
      const answer = resultOf(standing);
      if (answer !== undefined) return { answer };
      if (this.notifier.isStopping) throw new Failed({ kind: 'unavailable', mayBeDone: true });
      return { againWithinMs: Math.min(standing.secondsLeft, lookAgainSeconds) * 1000 };
    });
  }
}
