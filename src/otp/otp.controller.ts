import {
  Body,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  Get,
  Param,
  Post,
  Query,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type NextFunction, type Request, type Response } from 'express';
import { Authenticate, CurrentPrincipal } from '../platform/auth/authenticate';
import { Failed } from '../platform/envelope/failure';
import { AcceptsJson } from '../platform/http/body';
import { idempotencyKeyOf } from '../platform/http/idempotency-key';
import { failuresOf } from '../platform/openapi/answers';
import { LimitPerAddress, Throttled } from '../platform/rate-limit/throttle.guard';
import {
  type CreatedOtp,
  CreateOtp,
  type CreationOptions,
  OtpId,
  OtpPurpose,
  OtpReference,
  type OtpStatus,
  VerifyOtp,
} from './otp.dto';
import { created, OtpAnswers, OtpEnvelopeInterceptor, OtpShown, status, success } from './otp.answers';
import { OtpCreationService } from './otp-creation.service';
import { OtpService } from './otp.service';
import { tenant } from '../accounts/tokens/tenant.strategies';
import { type TenantPrincipal } from '../accounts/tokens/access-tokens';

const hourSeconds = 3600;

/** Injects the options from the headers `Idempotency-Key` and `x-locale`. */
const Options = createParamDecorator((_: unknown, context: ExecutionContext): CreationOptions => {
  const request = context.switchToHttp().getRequest<Request>();
  return {
    idempotencyKey: idempotencyKeyOf(request),
    locale: localeOf(request.get('x-locale')),
  };
});

@Controller('otp')
@ApiTags('OTP')
@Authenticate(tenant)
@UseInterceptors(OtpEnvelopeInterceptor)
export class OtpController {
  constructor(
    private readonly otps: OtpService,
    private readonly creation: OtpCreationService,
  ) {}

  @Post('create')
  @AcceptsJson()
  @LimitPerAddress(30, hourSeconds)
  @ApiOperation({ summary: 'Make an OTP and send it; one pending for the same scope, method and recipient gives way' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'A repetition is given the first answer.' })
  @ApiHeader({ name: 'x-locale', required: false, description: 'The language of the message.', example: 'en' })
  @OtpAnswers(
    created,
    ['IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_KEY_IN_USE', 'TENANT_NOT_CONFIGURED'],
    failuresOf.beginning,
  )
  create(
    @CurrentPrincipal() principal: TenantPrincipal,
    @Body() input: CreateOtp,
    @Options() options: CreationOptions,
  ): Promise<CreatedOtp> {
    return this.creation.create(principal, input, options);
  }

  @Post('cancel')
  @AcceptsJson()
  @LimitPerAddress(30, hourSeconds)
  @ApiOperation({ summary: 'Call an OTP back while it is pending' })
  @OtpAnswers(success, ['OTP_NOT_FOUND', 'OTP_NOT_CANCELABLE', 'TENANT_NOT_CONFIGURED'])
  cancel(@CurrentPrincipal() principal: TenantPrincipal, @Body() input: OtpReference): Promise<void> {
    return this.otps.cancel(principal, input);
  }

  @Post('verify')
  @AcceptsJson()
  @LimitPerAddress(120, hourSeconds)
  @ApiOperation({ summary: 'Judge a guess at the code' })
  @OtpAnswers(success, [
    'OTP_NOT_FOUND',
    'OTP_INVALID',
    'OTP_FAILED',
    'OTP_EXPIRED',
    'OTP_CANCELLED',
    'OTP_ALREADY_VERIFIED',
    'TENANT_NOT_CONFIGURED',
  ])
  verify(@CurrentPrincipal() principal: TenantPrincipal, @Body() input: VerifyOtp): Promise<void> {
    return this.otps.verify(principal, input);
  }

  @Post('resend')
  @AcceptsJson()
  @LimitPerAddress(30, hourSeconds)
  @ApiOperation({ summary: 'Send the same code again' })
  @OtpAnswers(success, [
    'OTP_NOT_FOUND',
    'OTP_RESEND_TOO_SOON',
    'OTP_RESEND_LIMIT',
    'OTP_FAILED',
    'OTP_EXPIRED',
    'OTP_CANCELLED',
    'OTP_ALREADY_VERIFIED',
    'TENANT_NOT_CONFIGURED',
  ])
  resend(@CurrentPrincipal() principal: TenantPrincipal, @Body() input: OtpReference): Promise<void> {
    return this.otps.resend(principal, input);
  }

  @Post('consume')
  @AcceptsJson()
  @LimitPerAddress(120, hourSeconds)
  @ApiOperation({ summary: 'Use a verified OTP up, once' })
  @OtpAnswers(success, [
    'OTP_NOT_FOUND',
    'OTP_NOT_VERIFIED',
    'OTP_ALREADY_CONSUMED',
    'OTP_FAILED',
    'OTP_EXPIRED',
    'OTP_CANCELLED',
    'TENANT_NOT_CONFIGURED',
  ])
  consume(@CurrentPrincipal() principal: TenantPrincipal, @Body() input: OtpReference): Promise<void> {
    return this.otps.consume(principal, input);
  }

  @Get(':id')
  @Throttled('otpStatus')
  @ApiOperation({ summary: 'Get the state of an OTP and of its last message' })
  @OtpShown(status, ['OTP_NOT_FOUND', 'TENANT_NOT_CONFIGURED'])
  status(
    @CurrentPrincipal() principal: TenantPrincipal,
    @Param() { id }: OtpId,
    @Query() { scope }: OtpPurpose,
  ): Promise<OtpStatus> {
    return this.otps.status(principal, { id, scope });
  }
}

/** Ignores what is not a language tag; a language without texts falls back later. */
function localeOf(locale: string | undefined): string | undefined {
  return locale !== undefined && /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/i.test(locale) ? locale : undefined;
}

/** Action names are not ids: without this, `GET /otp/cancel` would read the status of an OTP with the id `cancel`. */
export function onlyPost(request: Request, _response: Response, next: NextFunction): void {
  if (request.method !== 'POST') throw new Failed({ kind: 'wrong-method', allowed: ['POST'] });
  next();
}
