import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Failed } from '../../platform/envelope/failure';
import { Notifier } from '../../platform/notify/notifier';
import { allDevices } from '../addressed-devices';
import { type SignatureEnd, type SignatureResult } from '../signature.dto';
import { ended, endedTopicOf } from '../signature.topics';
import { type Finished, ResultRepository } from './result.repository';

/** The longest a waiting call goes without looking, in seconds. */
const lookAgainSeconds = 60;

/** Waits for the results of transactions. */
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
   * Undefined once the caller has disconnected; the transaction stays as it is.
   * @throws Failed `unavailable` when this node is stopped meanwhile: the same start again waits on another
   * @throws Error when the transaction is deleted meanwhile
   */
  await(tenantId: string, id: string, gone: AbortSignal): Promise<SignatureResult | undefined> {
    return this.notifier.until(endedTopicOf(tenantId, id), gone, async () => {
      const found = await this.results.find(tenantId, id);
      if (found === undefined) throw new Error('The transaction was deleted while its result was waited for');
      const answer = resultOf(found);
      if (answer !== undefined) return { answer };
      if (this.notifier.isStopping) throw new Failed({ kind: 'unavailable', mayBeDone: true });
      return { againWithinMs: Math.min(found.secondsLeft, lookAgainSeconds) * 1000 };
    });
  }
}

/** The result of a transaction; undefined while it is open. */
export function resultOf(finished: Finished): SignatureResult | undefined {
  const signatureResult = endOf(finished);
  if (signatureResult === undefined) return undefined;
  const { id, userId, signature } = finished;
  const row = { deviceId: deviceOf(finished), userId, transactionId: id, signatureResult };
  return signature === null ? row : { ...row, signature };
}

function endOf({ state, deliveredAt }: Finished): SignatureEnd | undefined {
  switch (state) {
    case 'waiting':
    case 'delivered':
      return undefined;
    case 'confirmed':
      return 'CONFIRMED';
    case 'rejected':
      return 'REJECTED';
    case 'expired':
      return deliveredAt === null ? 'DEVICE_OFFLINE' : 'EXPIRED';
    case 'cancelled':
      return 'CANCELLED';
  }
}

function deviceOf({ decidedBy, devices }: Finished): string {
  const [only, ...others] = Object.keys(devices);
  return decidedBy ?? (only !== undefined && others.length === 0 ? only : allDevices);
}
