import { isOpen, lifecycle, type TransitionOf, type StateOf, type TerminalOf } from '../approvals/lifecycle';
import { literals } from '../platform/database/statement';

/** The lifecycle of a transaction that a user signs on a device. */
export const signatureLifecycle = lifecycle({
  approval: 'signature',
  initial: 'waiting',
  states: ['waiting', 'delivered', 'confirmed', 'rejected', 'expired', 'cancelled'],
  terminal: ['confirmed', 'rejected', 'expired', 'cancelled'],
  transitions: {
    /** A device has fetched it. */
    deliver: { from: ['waiting', 'delivered'], to: 'delivered' },
    confirm: { from: ['delivered'], to: 'confirmed' },
    reject: { from: ['delivered'], to: 'rejected' },
    /** Some of its devices may no longer have it, before any device has fetched it … */
    withdraw: { from: ['waiting'], to: 'waiting' },
    /** … and after one has. */
    recall: { from: ['delivered'], to: 'delivered' },
    cancel: { from: ['waiting', 'delivered'], to: 'cancelled' },
  },
  timeouts: { waiting: 'expired', delivered: 'expired' },
  recall: { transition: 'cancel', from: ['waiting', 'delivered'] },
});

export type SignatureState = StateOf<typeof signatureLifecycle>;
export type SignatureEnd = TerminalOf<typeof signatureLifecycle>;
export type SignatureTransition = TransitionOf<typeof signatureLifecycle>;

/** SQL: whether a transaction can still be decided. */
export const isOpenSignature = isOpen(signatureLifecycle);

/** State of a transaction on one of its devices; `recalled`: withdrawn after the device had fetched it. */
export type OfferState = 'waiting' | 'delivered' | 'withdrawn' | 'recalled';

/** Those in which the device has the transaction, or may fetch it. */
export const heldStates = ['waiting', 'delivered'] as const satisfies readonly OfferState[];

/** SQL: whether a transaction is open, and the device `:deviceId` has it or may fetch it. */
export const isOfferedTo = `${isOpenSignature} AND devices ->> :deviceId::text IN (${literals(heldStates)})`;
