import { allDevices } from '../addressed';
import { type SignatureEnd, type SignatureResult } from '../dto/signature-answers.dto';
import { type Signature } from '../signature.entity';
import { type SignatureState } from '../signature.lifecycle';

/** The part of a transaction that its result is made of; `state` is the effective one. */
export type Finished = Pick<Signature, 'userId' | 'devices' | 'deliveredAt' | 'decidedBy'> & {
  readonly id: string;
  /** The device's compact JWS, where it confirmed. */
  readonly signature: string | null;
  readonly state: SignatureState;
};

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
