import { ApiProperty } from '@nestjs/swagger';
import { OtpReference } from './otp-reference.dto';
import { OtpText } from './otp-text';

export class VerifyOtp extends OtpReference {
  /** The digits that the recipient was sent. */
  @OtpText()
  @ApiProperty({ example: '314159' })
  code: string;
}
