import { Inject, Injectable } from '@nestjs/common';
import { OwnerGone } from '../platform/envelope/failure';
import { type Settings, SETTINGS } from '../platform/settings/settings';
import { Registry } from '../accounts/tenants/registry';
import { addressedBy, allDevices } from './addressed';
import { cancelRows, heldBy } from './cancel-rows';
import { type CancelSignature } from './dto/cancel-signature.dto';
import { type CancelRow, type SignatureResult } from './dto/signature-answers.dto';
import { type StartSignature } from './dto/start-signature.dto';
import { ResultService } from './result/result.service';
import { SignatureContent } from './signature-content';
import { type SignatureErrorCode, SignatureRefusal } from './signature.errors';
import { isTerminal } from '../approvals/lifecycle';
import { type SignatureEnd, signatureLifecycle } from './signature.lifecycle';
import { SignatureRepository } from './signature.repository';

/** The tenant that asks, and the name history knows the asker by. */
export interface SignatureCaller {
  readonly tenantId: string;
  readonly actor: string;
}

/** What a cancel did. */
export interface CancelledSignature {
  /** One for each device that was meant. */
  readonly rows: readonly CancelRow[];
  /** How many other devices can still fetch and sign the transaction; 0: it has ended. */
  readonly openDevices: number;
}

/** What is answered to a call that came after the end. */
export const endAnswers = {
  confirmed: 'ALREADY_CONFIRMED',
  rejected: 'ALREADY_REJECTED',
  expired: 'ALREADY_EXPIRED',
  cancelled: 'ALREADY_CANCELLED',
} as const satisfies Record<SignatureEnd, SignatureErrorCode>;

/** The life of transactions that users are asked to sign. */
@Injectable()
export class SignatureService {
  constructor(
    private readonly signatures: SignatureRepository,
    private readonly registry: Registry,
    private readonly content: SignatureContent,
    private readonly results: ResultService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Starts a transaction, and waits for its end where no callback is to tell it; undefined where one is.
   * A repeat with the same content is the same transaction.
   * @throws Failed `invalid-input` when the callback may not be called
   * @throws SignatureRefusal USER_NOT_FOUND, DEVICE_NOT_FOUND, TOO_MANY_OPEN, or TRANSACTION_DIFFERS when the id is taken
   *   by another one
   */
  async start(
    { tenantId, actor }: SignatureCaller,
    userId: string,
    input: StartSignature,
    gone: AbortSignal,
  ): Promise<SignatureResult[] | undefined> {
    const addressed = addressedBy(input.deviceId ?? [allDevices]);
    const content = this.content.of(tenantId, addressed, input);
    await this.requireUser(tenantId, userId);
    await this.requireDevices(tenantId, userId, addressed.deviceIds);
    const limits = this.settings.tenantLimits;
    const signature = { tenantId, userId, id: input.transactionId, actor, ...content };
    if (
      !(await this.signatures.begin(signature, limits).catch(unlessUserGone)) &&
      !(await this.signatures.isSame(signature))
    ) {
      await this.requireDevices(tenantId, userId, addressed.deviceIds);
      throw new SignatureRefusal(
        (await this.signatures.hasRoom(tenantId, userId, limits)) ? 'TRANSACTION_DIFFERS' : 'TOO_MANY_OPEN',
      );
    }
    if (content.callbackUrl !== null) return undefined;
    const result = await this.results.await(tenantId, signature.id, gone);
    return result && [result];
  }

  /**
   * Cancels a transaction on all of the user's devices, or on some: these can never sign it. It ends when no device is
   * left that has it.
   * Source: Cancel Signature.
   * @throws SignatureRefusal USER_NOT_FOUND, DEVICE_NOT_FOUND, TRANSACTION_NOT_FOUND (also when it was not started for
   *   any of these devices), or ALREADY_… when it is over, or already withdrawn from each of these devices
   */
  async cancel(
    { tenantId, actor }: SignatureCaller,
    userId: string,
    input: CancelSignature,
  ): Promise<CancelledSignature> {
    const addressed = addressedBy(input.deviceId);
    if (!addressed.everyDevice) {
      await this.requireUser(tenantId, userId);
      await this.requireDevices(tenantId, userId, addressed.deviceIds);
    }
    const transactionId = input.transactionId;
    const outcome = await this.signatures.cancel({ tenantId, userId, id: transactionId }, addressed, actor);
    if (outcome === undefined) await this.requireUser(tenantId, userId);
    if (outcome === undefined) throw new SignatureRefusal('TRANSACTION_NOT_FOUND');

    const { before, after, moved, devices } = outcome;
    if (isTerminal(signatureLifecycle, before)) throw new SignatureRefusal(endAnswers[before]);
    const rows = cancelRows(addressed, devices);
    if (rows.length === 0) throw new SignatureRefusal('TRANSACTION_NOT_FOUND');
    if (!moved) throw new SignatureRefusal('ALREADY_CANCELLED');
    return {
      rows: rows.map(({ deviceId, cancelResult }) => ({ deviceId, userId, transactionId, cancelResult })),
      openDevices: isTerminal(signatureLifecycle, after) ? 0 : heldBy(devices).length,
    };
  }

  private async requireUser(tenantId: string, userId: string): Promise<void> {
    if (!(await this.registry.hasUser(tenantId, userId))) throw new SignatureRefusal('USER_NOT_FOUND');
  }

  private async requireDevices(tenantId: string, userId: string, deviceIds: readonly string[]): Promise<void> {
    if (deviceIds.length > 0 && !(await this.signatures.hasDevices(tenantId, userId, deviceIds)))
      throw new SignatureRefusal('DEVICE_NOT_FOUND');
  }
}

/** The user has been deleted since it was looked for. */
function unlessUserGone(error: unknown): never {
  throw error instanceof OwnerGone ? new SignatureRefusal('USER_NOT_FOUND') : error;
}
