import { Body, Controller, Post, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticate } from '../platform/auth/authenticate';
import { actorOf, Asking, type BearerPrincipal, type TenantPrincipal } from '../platform/auth/principal';
import { AcceptsJson } from '../platform/http/body';
import { LimitPerAddress } from '../platform/rate-limit/address-rate-limit.guard';
import { CreateOtp } from './dto/create-otp.dto';
import { OtpReference } from './dto/otp-reference.dto';
import { VerifyOtp } from './dto/verify-otp.dto';
import { OtpAnswers } from './otp.answers';
import { OtpEnvelopeInterceptor } from './otp-envelope.interceptor';
import { type CreatedOtp, type OtpCaller, OtpService } from './otp.service';

const hourSeconds = 3600;

const exampleCreated = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  expiresAt: '2025-01-15T10:40:00.000Z',
  resendInterval: 60,
};

@Controller('otp')
@ApiTags('OTP')
@Authenticate('tenant')
@UseInterceptors(OtpEnvelopeInterceptor)
export class OtpController {
  constructor(private readonly otps: OtpService) {}

  @Post('create')
  @AcceptsJson()
  @LimitPerAddress(30, hourSeconds)
  @ApiOperation({ summary: 'Make an OTP; one pending for the same scope, method and recipient gives way' })
  @OtpAnswers({ created: exampleCreated }, ['TENANT_NOT_CONFIGURED'])
  create(@Asking() asking: TenantPrincipal | BearerPrincipal, @Body() input: CreateOtp): Promise<CreatedOtp> {
    return this.otps.create(callerOf(asking), input);
  }

  @Post('cancel')
  @AcceptsJson()
  @LimitPerAddress(30, hourSeconds)
  @ApiOperation({ summary: 'Call an OTP back while it is pending' })
  @OtpAnswers({ cancelled: undefined }, ['OTP_NOT_FOUND', 'OTP_NOT_CANCELABLE', 'TENANT_NOT_CONFIGURED'])
  cancel(@Asking() asking: TenantPrincipal | BearerPrincipal, @Body() input: OtpReference): Promise<void> {
    return this.otps.cancel(callerOf(asking), input);
  }

  @Post('verify')
  @AcceptsJson()
  @LimitPerAddress(120, hourSeconds)
  @ApiOperation({ summary: 'Judge a guess at the code' })
  @OtpAnswers({ verified: undefined }, [
    'OTP_NOT_FOUND',
    'OTP_INVALID',
    'OTP_FAILED',
    'OTP_EXPIRED',
    'OTP_CANCELLED',
    'OTP_ALREADY_VERIFIED',
    'TENANT_NOT_CONFIGURED',
  ])
  verify(@Asking() asking: TenantPrincipal | BearerPrincipal, @Body() input: VerifyOtp): Promise<void> {
    return this.otps.verify(callerOf(asking), input);
  }
}

function callerOf(asking: TenantPrincipal | BearerPrincipal): OtpCaller {
  return { tenantId: asking.tenantId, actor: actorOf(asking) };
}
