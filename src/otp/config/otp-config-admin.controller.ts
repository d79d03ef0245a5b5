import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { failuresOfOperators } from '../../accounts/operators/authorization';
import { admin } from '../../accounts/operators/operator.strategies';
import { Authenticate } from '../../platform/auth/authenticate';
import { problemErrorFormat } from '../../platform/envelope/problem.error-format';
import { AcceptsJson } from '../../platform/http/body';
import { Answers, failuresOf } from '../../platform/openapi/answers';
import { OtpConfigAdminService, OtpConfigRefusal } from './otp-config-admin.service';
import { defaults, OtpSettings, OtpSettingsInForce } from './otp-settings';

@Controller('admin/v1/tenants/:tenantId/otp-config')
@ApiTags('OTP settings')
@Authenticate(admin)
export class OtpConfigAdminController {
  constructor(private readonly configs: OtpConfigAdminService) {}

  @Put()
  @AcceptsJson()
  @ApiOperation({ summary: 'Say how a tenant’s OTPs are; what is left out has its default' })
  @Answers(problemErrorFormat, { status: 200, body: OtpSettingsInForce, examples: { inForce: defaults } }, [
    { kind: 'invalid-input', faults: [{ field: 'codeLength', problem: 'codeLength must not be less than 4' }] },
    ...failuresOf.jsonBody,
    ...failuresOfOperators,
    new OtpConfigRefusal('TENANT_NOT_FOUND'),
  ])
  put(@Param('tenantId') tenantId: string, @Body() settings: OtpSettings): Promise<OtpSettingsInForce> {
    return this.configs.put(tenantId, settings);
  }

  @Get()
  @ApiOperation({ summary: 'The OTP settings in force for a tenant' })
  @Answers(problemErrorFormat, { status: 200, body: OtpSettingsInForce, examples: { inForce: defaults } }, [
    ...failuresOfOperators,
    new OtpConfigRefusal('OTP_CONFIG_NOT_FOUND'),
    new OtpConfigRefusal('OTP_CONFIG_BROKEN'),
  ])
  get(@Param('tenantId') tenantId: string): Promise<OtpSettingsInForce> {
    return this.configs.get(tenantId);
  }

  @Delete()
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Take a tenant’s OTPs away; those that are pending cannot be used meanwhile' })
  @Answers(problemErrorFormat, { status: 204 }, [...failuresOfOperators, new OtpConfigRefusal('OTP_CONFIG_NOT_FOUND')])
  delete(@Param('tenantId') tenantId: string): Promise<void> {
    return this.configs.delete(tenantId);
  }
}
