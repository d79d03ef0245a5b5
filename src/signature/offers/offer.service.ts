import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Statements } from '../../platform/database/statements';
import { Failed } from '../../platform/envelope/failure';
import { Notifier } from '../../platform/notify/notifier';
import { DeviceKeys } from '../devices/device-keys';
import { DeviceRepository } from '../devices/device.repository';
import { type DeviceStanding } from '../signature.entity';
import { type SignatureErrorCode, SignatureRefusal } from '../signature.errors';
import { isTerminal } from '../../approvals/lifecycle';
import { type SignatureEnd, signatureLifecycle } from '../signature.lifecycle';
import { offered, offeredTopicOf } from '../signature.topics';
import { isSignedBy } from './device-signature';
import { type DecideOffer } from './dto/decide-offer.dto';
import { type OfferedSignature } from './dto/offer-answers.dto';
import { type Offer, type OfferedTo, OfferRepository } from './offer.repository';

/** The device that asks, and the name history knows it by. */
export interface OfferCaller extends OfferedTo {
  readonly actor: string;
}

/** What one fetch brings. */
export interface Fetched {
  readonly offered: readonly OfferedSignature[];
  /** How many more are open for the device. */
  readonly more: number;
}

/** What a decision is answered after the end. A cancelled transaction has been taken back from under the device's hands. */
const lateAnswers = {
  confirmed: 'ALREADY_CONFIRMED',
  rejected: 'ALREADY_REJECTED',
  expired: 'ALREADY_EXPIRED',
  cancelled: 'SERVER_CANCEL',
} as const satisfies Record<SignatureEnd, SignatureErrorCode>;

/** What a decision is answered while the transaction is open, where it stands otherwise with the device than it must. */
const standingAnswers = {
  waiting: 'NOT_FETCHED',
  withdrawn: 'SERVER_CANCEL',
  recalled: 'SERVER_CANCEL',
} as const satisfies Record<Exclude<DeviceStanding, 'delivered'>, SignatureErrorCode>;

/** A device's side of transactions: it fetches them, and decides. */
@Injectable()
export class OfferService implements OnModuleInit {
  constructor(
    private readonly statements: Statements,
    private readonly notifier: Notifier,
    private readonly offers: OfferRepository,
    private readonly devices: DeviceRepository,
    private readonly deviceKeys: DeviceKeys,
  ) {}

  onModuleInit(): void {
    this.notifier.register(offered, (topics) => this.offers.unfetched(topics));
  }

  /**
   * What is open for the device, at most 20 transactions and 256 KiB of messages. Waits, for `waitSeconds` at most, as long as there is nothing that it has not
   * fetched before; so after a lost answer a device asks once without waiting. Exactly what is answered is marked as
   * delivered, and nothing when nobody waits any more.
   * @throws Failed `unauthenticated` when the device has been deleted
   */
  async fetch(caller: OfferCaller, waitSeconds: number, gone: AbortSignal): Promise<Fetched> {
    const until = performance.now() + waitSeconds * 1000;
    const fetched = await this.notifier.until(offeredTopicOf(caller.tenantId, caller.userId), gone, async () => {
      const { offers, more } = await this.offer(caller);
      const leftMs = until - performance.now();
      const isOver = offers.some(({ moved }) => moved) || leftMs <= 0 || this.notifier.isStopping;
      return isOver
        ? { answer: { offered: offers.map((each) => shown(caller, each)), more } }
        : { againWithinMs: leftMs };
    });
    return fetched ?? { offered: [], more: 0 };
  }

  /**
   * Confirms or rejects a transaction. Of several devices the first to decide wins.
   * @throws Failed `unauthenticated` when the device has been deleted
   * @throws SignatureRefusal TRANSACTION_NOT_FOUND, INVALID_SIGNATURE, DEVICE_LOCKED, NOT_FETCHED, SERVER_CANCEL when the
   *   transaction was called back, or ALREADY_… when it is over
   */
  async decide(caller: OfferCaller, transactionId: string, { decision, signature }: DecideOffer): Promise<void> {
    const confirms = decision === 'OK';
    if (confirms) await this.requireSignature(caller, transactionId, signature ?? '');
    const outcome = await this.statements.transaction(async (client) => {
      if (this.requireDevice(await this.devices.hold(caller, client)).locked)
        throw new SignatureRefusal('DEVICE_LOCKED');
      const { actor, ...to } = caller;
      return confirms
        ? this.offers.confirm(to, transactionId, signature ?? '', actor, client)
        : this.offers.reject(to, transactionId, actor, client);
    }, `signature ${caller.tenantId}/${transactionId}`);
    if (outcome === undefined) throw new SignatureRefusal('TRANSACTION_NOT_FOUND');
    const { before, moved, devices } = outcome;
    if (moved) return;
    if (isTerminal(signatureLifecycle, before)) throw new SignatureRefusal(lateAnswers[before]);
    const standing = devices[caller.deviceId];
    if (standing !== undefined && standing !== 'delivered') throw new SignatureRefusal(standingAnswers[standing]);
    throw new Error('An open transaction that the device has fetched could not be decided');
  }

  /** The device is held meanwhile, so that one that has been locked is offered nothing more. */
  private async offer({
    actor,
    ...to
  }: OfferCaller): Promise<{ offers: (Offer & { moved: boolean })[]; more: number }> {
    const { openOffers } = this.requireDevice(await this.devices.see(to));
    if (openOffers === 0) return { offers: [], more: 0 };
    const offers = await this.statements.transaction(async (client) => {
      const { locked } = this.requireDevice(await this.devices.hold(to, client));
      return locked ? [] : this.offers.offer(to, actor, client);
    }, `signatures of ${to.tenantId}/${to.userId}`);
    return { offers, more: offers.length === 0 ? 0 : Math.max(0, openOffers - offers.length) };
  }

  private requireDevice<Found>(found: Found | undefined): Found {
    if (found === undefined) throw new Failed({ kind: 'unauthenticated', reason: 'invalid' });
    return found;
  }

  private async requireSignature(caller: OfferedTo, transactionId: string, signature: string): Promise<void> {
    const { tenantId, userId, deviceId } = caller;
    const message = await this.offers.messageOf({ tenantId, userId, deviceId }, transactionId);
    if (message === undefined) throw new SignatureRefusal('TRANSACTION_NOT_FOUND');
    const { key } = this.requireDevice(await this.deviceKeys.find(deviceId));
    if (!isSignedBy(key.key, signature, { transactionId, userId, message }))
      throw new SignatureRefusal('INVALID_SIGNATURE');
  }
}

function shown({ userId }: OfferedTo, { id, message, pinRequired, expiresAt }: Offer): OfferedSignature {
  return { transactionId: id, userId, signatureMessage: message, pinRequired, expiresAt };
}
