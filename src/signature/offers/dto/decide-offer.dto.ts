import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Field, MayBeEmpty, TextField } from '../../dto/field';

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
