import { Inject, Injectable } from '@nestjs/common';
import { DeviceRepository } from '../accounts/devices/device.repository';
import { subjectsOfCaller, type TenantPrincipal } from '../accounts/tokens/access-tokens';
import { Registry } from '../accounts/tenants/registry';
import { subjectsOfPerson } from '../approvals/finding';
import { isTerminal } from '../approvals/lifecycle';
import { Failed, OwnerGone } from '../platform/envelope/failure';
import { checkTargetUrl, OutboundRefused } from '../platform/outbound/outbound-target';
import { Vault } from '../platform/secrets/vault';
import { mayUseHttp } from '../platform/settings/production';
import { type Settings, SETTINGS } from '../platform/settings/settings';
import { addressedBy, allDevices, cancelRows, heldBy } from './addressed-devices';
import { CallbackHeaders } from './result/callback.channel';
import { ResultService } from './result/result.service';
import { type CancelRow, type CancelSignature, type SignatureResult, type StartSignature } from './signature.dto';
import { type SignatureErrorCode, SignatureRefusal } from './signature.errors';
import { type SignatureEnd, signatureLifecycle } from './signature.lifecycle';
import { type Addressed, type NewSignature, SignatureRepository } from './signature.repository';

type Content = Omit<NewSignature, 'tenantId' | 'userId' | 'id' | 'actor' | 'subjects'>;

/** Converts the body of a start into what is stored. */
@Injectable()
export class SignatureContent {
  constructor(
    private readonly vault: Vault,
    private readonly callbackHeaders: CallbackHeaders,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws Failed `invalid-input` when the callback's URL or one of its headers is not allowed */
  of(tenantId: string, { everyDevice, deviceIds }: Addressed, input: StartSignature): Content {
    const id = input.transactionId;
    const headers = { ...input.callBackHeaders };
    const content = {
      everyDevice,
      deviceIds: [...deviceIds].sort(),
      onlineSeconds: Number(input.deviceGoOnlineTimeout),
      signatureSeconds: Number(input.signatureTimeout),
      message: input.signatureMessage,
      pushMessage: input.pushNotificationMessage ?? null,
      pinRequired: String(input.pinRequired) === 'true',
      callbackUrl: this.callbackUrl(input.callbackUrl?.trim()),
    };
    refuseAs('callBackHeaders', () => {
      this.callbackHeaders.check(headers);
    });
    const start = JSON.stringify([content, Object.entries(headers).sort()]);
    return {
      ...content,
      callbackHeaders: content.callbackUrl === null ? null : this.callbackHeaders.seal(tenantId, id, headers),
      contentHash: this.vault.mac('signature-content', `${tenantId}/${id}`, start),
    };
  }

  private callbackUrl(url: string | undefined): string | null {
    if (!url) return null;
    const policy = { ...this.settings, httpsOnly: !mayUseHttp(this.settings, 'callback') };
    refuseAs('callbackUrl', () => checkTargetUrl(url, policy));
    return url;
  }
}

function refuseAs(field: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof OutboundRefused)) throw error;
    throw new Failed({ kind: 'invalid-input', faults: [{ field, problem: `${field}: ${error.message}` }] });
  }
}

/** What a cancel did. */
export interface CancelledSignature {
  /** One for each addressed device. */
  readonly rows: readonly CancelRow[];
  /** How many other devices can still fetch and sign the transaction; 0: it has ended. */
  readonly openDevices: number;
}

/** The error of a call on a transaction that is over. */
export const endAnswers = {
  confirmed: 'ALREADY_CONFIRMED',
  rejected: 'ALREADY_REJECTED',
  expired: 'ALREADY_EXPIRED',
  cancelled: 'ALREADY_CANCELLED',
} as const satisfies Record<SignatureEnd, SignatureErrorCode>;

/** Starts and cancels transactions. */
@Injectable()
export class SignatureService {
  constructor(
    private readonly signatures: SignatureRepository,
    private readonly registry: Registry,
    private readonly devices: DeviceRepository,
    private readonly content: SignatureContent,
    private readonly results: ResultService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Starts a transaction and, without a callback, waits for its result; with one returns undefined at once.
   * A repeat with the same content is the same transaction.
   * @throws Failed `invalid-input` when the callback may not be called; `frozen`; `unauthenticated` when the caller's OAuth
   *   client has been deleted
   * @throws SignatureRefusal USER_NOT_FOUND, DEVICE_NOT_FOUND, TOO_MANY_OPEN, or TRANSACTION_DIFFERS when the id is taken
   *   by another one
   */
  async start(
    caller: TenantPrincipal,
    userId: string,
    input: StartSignature,
    gone: AbortSignal,
  ): Promise<SignatureResult[] | undefined> {
    const { tenantId, actor } = caller;
    const addressed = addressedBy(input.deviceId ?? [allDevices]);
    const content = this.content.of(tenantId, addressed, input);
    await this.requireUser(tenantId, userId);
    await this.requireDevices(tenantId, userId, addressed.deviceIds);
    const limits = this.settings.tenantLimits;
    const subjects = [...subjectsOfPerson({ userId }), ...subjectsOfCaller(caller)];
    const signature = { tenantId, userId, id: input.transactionId, actor, subjects, ...content };
    if (!(await this.begin(signature, limits))) {
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
    { tenantId, actor }: TenantPrincipal,
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

  /** Whether the transaction has begun, now or by an earlier call: a repeat is answered also where nothing new may begin. */
  private async begin(signature: NewSignature, limits: Settings['tenantLimits']): Promise<boolean> {
    try {
      return (await this.signatures.begin(signature, limits)) || (await this.signatures.isSame(signature));
    } catch (error) {
      if (error instanceof OwnerGone) throw new SignatureRefusal('USER_NOT_FOUND');
      const isFrozen = error instanceof Failed && error.failure.kind === 'frozen';
      if (isFrozen && (await this.signatures.isSame(signature))) return true;
      throw error;
    }
  }

  private async requireUser(tenantId: string, userId: string): Promise<void> {
    if (!(await this.registry.hasUser(tenantId, userId))) throw new SignatureRefusal('USER_NOT_FOUND');
  }

  private async requireDevices(tenantId: string, userId: string, deviceIds: readonly string[]): Promise<void> {
    if (deviceIds.length > 0 && !(await this.devices.hasAll(tenantId, userId, deviceIds)))
      throw new SignatureRefusal('DEVICE_NOT_FOUND');
  }
}
