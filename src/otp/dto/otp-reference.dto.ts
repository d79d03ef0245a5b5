import { ApiProperty, IntersectionType } from '@nestjs/swagger';
import { type OtpScope, otpScopes } from '../otp.vocabulary';
import { OtpEnum, OtpText } from './otp-text';

export class OtpId {
  /** What `create` answered. */
  @OtpText()
  @ApiProperty({ example: '01ARZ3NDEKTSV4RRFFQ69G5FAV', minLength: 1 })
  id: string;
}

export class OtpPurpose {
  /** What the OTP is for; another than it was made for does not find it. */
  @OtpEnum(otpScopes)
  @ApiProperty({ enum: otpScopes, example: 'reset_password' })
  scope: OtpScope;
}

/** Which OTP is meant. Source: Cancel (OTP), "Body". */
export class OtpReference extends IntersectionType(OtpId, OtpPurpose) {}
