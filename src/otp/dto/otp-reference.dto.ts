import { ApiProperty } from '@nestjs/swagger';
import { type OtpScope, otpScopes } from '../otp.vocabulary';
import { OtpEnum, OtpText } from './otp-text';

/** Which OTP is meant. Source: Cancel (OTP), "Body". */
export class OtpReference {
  /** What `create` answered. */
  @OtpText()
  @ApiProperty({ example: '01ARZ3NDEKTSV4RRFFQ69G5FAV', minLength: 1 })
  id: string;

  /** What the OTP is for; another than it was made for does not find it. */
  @OtpEnum(otpScopes)
  @ApiProperty({ enum: otpScopes, example: 'reset_password' })
  scope: OtpScope;
}
