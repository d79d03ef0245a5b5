import { createHash, type KeyObject } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { verify } from 'jsonwebtoken';
import { DeviceRepository, type OwnedDevice } from '../../accounts/devices/device.repository';
import { DeviceService } from '../../accounts/devices/device.service';
import { DeviceKeys, type DevicePrincipal } from '../../accounts/devices/device.strategy';
import { isTerminal } from '../../approvals/lifecycle';
import { readCompactToken } from '../../platform/auth/compact-token';
import { clockSkewSeconds } from '../../platform/auth/jwt-strategy';
import { Failed } from '../../platform/envelope/failure';
import { Notifier } from '../../platform/notify/notifier';
import { type SignatureErrorCode, SignatureRefusal } from '../signature.errors';
import { type OfferState, type SignatureEnd, signatureLifecycle } from '../signature.lifecycle';
import { offered, offeredTopicOf } from '../signature.topics';
import { type DecideOffer, type OfferedSignature } from './offer.dto';
import { type Offer, OfferRepository } from './offer.repository';

/** What one fetch brings. */
export interface Fetched {
  readonly offered: readonly OfferedSignature[];
  /** How many more are open for the device. */
  readonly more: number;
}

/** The error of a decision on a transaction that is over. */
const lateAnswers = {
  confirmed: 'ALREADY_CONFIRMED',
  rejected: 'ALREADY_REJECTED',
  expired: 'ALREADY_EXPIRED',
  cancelled: 'SERVER_CANCEL',
} as const satisfies Record<SignatureEnd, SignatureErrorCode>;

/** The error of a decision on an open transaction that the calling device does not hold. */
const notHeldAnswers = {
  waiting: 'NOT_FETCHED',
  withdrawn: 'SERVER_CANCEL',
  recalled: 'SERVER_CANCEL',
} as const satisfies Record<Exclude<OfferState, 'delivered'>, SignatureErrorCode>;

/** A device's side of transactions: it fetches them, and decides. */
@Injectable()
export class OfferService implements OnModuleInit {
  constructor(
    private readonly notifier: Notifier,
    private readonly offers: OfferRepository,
    private readonly devices: DeviceRepository,
    private readonly deviceService: DeviceService,
    private readonly deviceKeys: DeviceKeys,
  ) {}

  onModuleInit(): void {
    this.notifier.register(offered, (topics) => this.offers.unfetched(topics));
    this.deviceService.whenUnlocked(({ tenantId, userId }) => {
      this.notifier.notify(offeredTopicOf(tenantId, userId));
    });
  }

  /**
   * The open transactions of the device, at most 20 and 256 KiB of messages. Waits up to `waitSeconds` until there is one
   * that it has not fetched before; so after a lost answer a device fetches once without waiting. Exactly what is
   * answered is marked as delivered, and nothing once the caller has disconnected.
   * @throws Failed `unauthenticated` when the device has been deleted
   */
  async fetch(caller: DevicePrincipal, waitSeconds: number, gone: AbortSignal): Promise<Fetched> {
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
   *   transaction was cancelled or withdrawn, or ALREADY_… when it is over
   */
  async decide(caller: DevicePrincipal, transactionId: string, { decision, signature }: DecideOffer): Promise<void> {
    const confirms = decision === 'OK';
    const device = deviceOf(caller);
    if (confirms) await this.requireSignature(device, transactionId, signature ?? '');
    const outcome = await (confirms
      ? this.offers.confirm(device, transactionId, signature ?? '', caller.actor)
      : this.offers.reject(device, transactionId, caller.actor));
    const locked = outcome?.locked ?? this.requireDevice(await this.devices.isLocked(device));
    if (locked) throw new SignatureRefusal('DEVICE_LOCKED');
    if (outcome === undefined) throw new SignatureRefusal('TRANSACTION_NOT_FOUND');
    const { before, moved, devices } = outcome;
    if (moved) return;
    if (isTerminal(signatureLifecycle, before)) throw new SignatureRefusal(lateAnswers[before]);
    const state = devices[caller.deviceId];
    if (state !== undefined && state !== 'delivered') throw new SignatureRefusal(notHeldAnswers[state]);
    throw new Error('An open transaction that the device has fetched could not be decided');
  }

  private async offer(caller: DevicePrincipal): Promise<{ offers: (Offer & { moved: boolean })[]; more: number }> {
    const device = deviceOf(caller);
    const { openOffers } = this.requireDevice(await this.offers.see(device));
    if (openOffers === 0) return { offers: [], more: 0 };
    const offers = await this.offers.offer(device, caller.actor);
    return { offers, more: offers.length === 0 ? 0 : Math.max(0, openOffers - offers.length) };
  }

  private requireDevice<Found>(found: Found | undefined): Found {
    if (found === undefined) throw new Failed({ kind: 'unauthenticated', reason: 'invalid' });
    return found;
  }

  private async requireSignature(device: OwnedDevice, transactionId: string, signature: string): Promise<void> {
    const message = await this.offers.messageOf(device, transactionId);
    if (message === undefined) throw new SignatureRefusal('TRANSACTION_NOT_FOUND');
    const { key } = this.requireDevice(await this.deviceKeys.find(device.deviceId));
    if (!isSignedBy(key.key, signature, { transactionId, userId: device.userId, message }))
      throw new SignatureRefusal('INVALID_SIGNATURE');
  }
}

/** A principal says more than a statement has parameters for. */
function deviceOf({ tenantId, userId, deviceId }: DevicePrincipal): OwnedDevice {
  return { tenantId, userId, deviceId };
}

function shown({ userId }: OwnedDevice, { id, message, pinRequired, expiresAt }: Offer): OfferedSignature {
  return { transactionId: id, userId, signatureMessage: message, pinRequired, expiresAt };
}

/** What a device must have signed. */
interface SignedTransaction {
  readonly transactionId: string;
  readonly userId: string;
  /** The text that its user was shown. */
  readonly message: string;
}

/**
 * Whether this is a compact JWS by the device's key (ES256) over `{transactionId, userId, messageSha256, iat}` of this very
 * transaction, where `messageSha256` is the hex SHA-256 of the message in UTF-8.
 */
function isSignedBy(key: KeyObject, signature: string, signed: SignedTransaction): boolean {
  const read = readCompactToken(signature);
  if (read?.header.alg !== 'ES256' || !isOver(signed, read.claims)) return false;
  try {
    verify(signature, key, { algorithms: ['ES256'] });
    return true;
  } catch {
    return false;
  }
}

function isOver(
  { transactionId, userId, message }: SignedTransaction,
  claims: Readonly<Record<string, unknown>>,
): boolean {
  const messageSha256 = createHash('sha256').update(message).digest('hex');
  return (
    claims.transactionId === transactionId &&
    claims.userId === userId &&
    claims.messageSha256 === messageSha256 &&
    typeof claims.iat === 'number' &&
    claims.iat <= Date.now() / 1000 + clockSkewSeconds
  );
}
