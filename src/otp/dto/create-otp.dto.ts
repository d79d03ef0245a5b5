import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import { type OtpMethod, otpMethods, type OtpScope, otpScopes } from '../otp.vocabulary';
import { OtpEnum, OtpText } from './otp-text';

export class CreateOtp {
  @OtpEnum(otpScopes)
  @ApiProperty({ enum: otpScopes, example: 'reset_password' })
  scope: OtpScope;

  /** What the purpose is about, in the caller's words, such as its id of the account. */
  @ValidateIf(({ scopeId }: CreateOtp) => scopeId !== undefined)
  @OtpText()
  @ApiPropertyOptional({ example: 'account-42' })
  scopeId?: string;

  @OtpEnum(otpMethods)
  @ApiProperty({ enum: otpMethods, example: 'email' })
  method: OtpMethod;

  /** An e-mail address, or a telephone number with its country code. */
  @OtpText(320)
  @ApiProperty({ example: 'alice@example.com' })
  recipient: string;
}
