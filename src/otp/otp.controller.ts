import { Body, Controller, Post, UseInterceptors } from '@nestjs/common';
import { Authenticate } from '../platform/auth/authenticate';
import { actorOf, Asking, type BearerPrincipal, type TenantPrincipal } from '../platform/auth/principal';
import { AcceptsJson } from '../platform/http/body';
import { LimitPerAddress } from '../platform/rate-limit/address-rate-limit.guard';
import { CreateOtp } from './dto/create-otp.dto';
import { OtpReference } from './dto/otp-reference.dto';
import { VerifyOtp } from './dto/verify-otp.dto';
import { OtpEnvelopeInterceptor } from './otp-envelope.interceptor';
import { type CreatedOtp, type OtpCaller, OtpService } from './otp.service';

const hourSeconds = 3600;

@Controller('otp')
@Authenticate('tenant')
@UseInterceptors(OtpEnvelopeInterceptor)
export class OtpController {
  constructor(private readonly otps: OtpService) {}

  @Post('create')
  @AcceptsJson()
  @LimitPerAddress(30, hourSeconds)
  create(@Asking() asking: TenantPrincipal | BearerPrincipal, @Body() input: CreateOtp): Promise<CreatedOtp> {
    return this.otps.create(callerOf(asking), input);
  }

  @Post('cancel')
  @AcceptsJson()
  @LimitPerAddress(30, hourSeconds)
  cancel(@Asking() asking: TenantPrincipal | BearerPrincipal, @Body() input: OtpReference): Promise<void> {
    return this.otps.cancel(callerOf(asking), input);
  }

  @Post('verify')
  @AcceptsJson()
  @LimitPerAddress(120, hourSeconds)
  verify(@Asking() asking: TenantPrincipal | BearerPrincipal, @Body() input: VerifyOtp): Promise<void> {
    return this.otps.verify(callerOf(asking), input);
  }
}

function callerOf(asking: TenantPrincipal | BearerPrincipal): OtpCaller {
  return { tenantId: asking.tenantId, actor: actorOf(asking) };
}
