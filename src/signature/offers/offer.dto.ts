import { answerBy } from '../signature.answers';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Field, MayBeEmpty, TextField } from '../signature-input';

const longestWaitSeconds = 60;

export class FetchOffers {
  /** How long to wait for something new, in seconds. */
  @MayBeEmpty('wait')
  @Field('wait', (value) =>
    typeof value === 'string' && /^\d{1,3}$/.test(value) && Number(value) <= longestWaitSeconds
      ? undefined
      : `must be a whole number of seconds, at most ${longestWaitSeconds}`,
  )
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: longestWaitSeconds, default: 0, example: 25 })
  wait?: string;
}

/** A transaction as a device sees it. */
export class OfferedSignature {
  @ApiProperty()
  transactionId: string;

  @ApiProperty()
  userId: string;

  @ApiProperty({ description: 'The text to be signed.' })
  signatureMessage: string;

  @ApiProperty({ description: 'Whether the device must ask for its PIN.' })
  pinRequired: boolean;

  @ApiProperty({ description: 'Until when a decision is taken.' })
  expiresAt: Date;
}

export const fetchedAnswer = answerBy('devices', 'FetchedSignatures', { type: [OfferedSignature], maxItems: 20 });
export const decidedAnswer = answerBy('devices', 'DecidedSignature');

const decisions = ['OK', 'CANCEL'] as const;

/** What the user decided on the device. */
export class DecideOffer {
  @Field('decision', (value) =>
    (decisions as readonly unknown[]).includes(value) ? undefined : 'must be OK or CANCEL',
  )
  @ApiProperty({ enum: decisions, example: 'OK' })
  decision: (typeof decisions)[number];

  /**
   * Needed with OK: a compact JWS (ES256) by the device's key over
   * `{"transactionId", "userId", "messageSha256": "<hex of the message in UTF-8>", "iat"}`.
   */
  @MayBeEmpty('signature')
  @TextField(8192)
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 8192,
    example: 'eyJhbGciOiJFUzI1NiJ9.eyJ0cmFuc2FjdGlvbklkIjoi…',
  })
  signature?: string | null;
}
