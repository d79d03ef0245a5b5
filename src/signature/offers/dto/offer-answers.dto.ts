import { ApiProperty } from '@nestjs/swagger';
import { answerBy } from '../../signature.envelope';

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
