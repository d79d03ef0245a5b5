import { ApiProperty } from '@nestjs/swagger';
import { type DeliveryState, deliveryStates } from '../../messages/delivery.entity';
import { otpLifecycle, type OtpState } from '../otp.lifecycle';

/** Data of an answer that has nothing else to tell. */
export class OtpSuccess {
  @ApiProperty({ type: Boolean, enum: [true] })
  success: true;
}

export class CreatedOtp {
  @ApiProperty({ example: '01ARZ3NDEKTSV4RRFFQ69G5FAV' })
  id: string;

  @ApiProperty({ type: String, format: 'date-time' })
  expiresAt: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'The least time before a resend, in seconds.' })
  resendInterval: number;
}

export class OtpStatus {
  @ApiProperty({ enum: [...otpLifecycle.states] })
  status: OtpState;

  @ApiProperty()
  expiresAt: Date;

  @ApiProperty({ type: 'integer', minimum: 0 })
  attemptsRemaining: number;

  @ApiProperty({ type: Date, nullable: true, description: 'Null where it will not be sent again.' })
  resendAvailableAt: Date | null;

  @ApiProperty({ enum: [...deliveryStates], nullable: true, description: 'How the last sending went on.' })
  delivery: DeliveryState | null;
}
