import { Injectable } from '@nestjs/common';
import { Wake } from '../../platform/wake/wake';
import { endedTopicOf } from '../signature.topics';
import { ResultRepository } from './result.repository';
import { resultOf, type SignatureResult } from './signature-result';

/** The longest a waiting call goes without looking, in seconds. */
const lookAgainSeconds = 60;

/** Tells callers how their transactions ended. */
@Injectable()
export class ResultService {
  constructor(
    private readonly wake: Wake,
    private readonly results: ResultRepository,
  ) {}

  /**
   * Waits until the transaction is over, on whichever node that happens.
   * Undefined when nobody waits for the answer any more; the transaction stays as it is.
   * @throws Error when this node is stopped meanwhile, or the transaction is deleted
   */
  await(tenantId: string, id: string, gone: AbortSignal): Promise<SignatureResult | undefined> {
    return this.wake.until(endedTopicOf(tenantId, id), gone, async () => {
      const standing = await this.results.stand(tenantId, id);
      if (standing === undefined) throw new Error('The transaction was deleted while its result was waited for');
      const answer = resultOf(standing);
      if (answer !== undefined) return { answer };
      if (this.wake.isStopping) throw new Error('This node stops before the transaction is over');
      return { againWithinMs: Math.min(standing.secondsLeft, lookAgainSeconds) * 1000 };
    });
  }
}
