import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { cancelResults, type CancelResult } from '../cancel-rows';

/** How a transaction ended, in the vendor's words; `DEVICE_OFFLINE`: no device fetched it in time. */
export const signatureEnds = ['CONFIRMED', 'REJECTED', 'EXPIRED', 'DEVICE_OFFLINE', 'CANCELLED'] as const;
export type SignatureEnd = (typeof signatureEnds)[number];

/** What a caller is told of a transaction that is over. */
export class SignatureResult {
  @ApiProperty({
    description: 'The device that decided, or was alone addressed; `-1` where there were several or none.',
  })
  deviceId: string;

  @ApiProperty()
  userId: string;

  @ApiProperty()
  transactionId: string;

  @ApiProperty({ enum: signatureEnds, description: '`DEVICE_OFFLINE`: no device fetched it in time.' })
  signatureResult: SignatureEnd;

  @ApiPropertyOptional({ description: 'The device’s compact JWS, where it confirmed.' })
  signature?: string;
}

/** What a cancel did on one device. */
export class CancelRow {
  @ApiProperty({ description: '`-1` where all devices were meant and none had fetched the transaction.' })
  deviceId: string;

  @ApiProperty()
  userId: string;

  @ApiProperty()
  transactionId: string;

  @ApiProperty({ enum: cancelResults })
  cancelResult: CancelResult;
}
