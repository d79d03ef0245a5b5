import { Body, Controller, Delete, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type TenantPrincipal } from '../accounts/tokens/access-tokens';
import { bearer } from '../accounts/tokens/tenant.strategies';
import { Authenticate, CurrentPrincipal } from '../platform/auth/authenticate';
import { AcceptsJson } from '../platform/http/body';
import { DisconnectSignal } from '../platform/http/request';
import { failuresOf } from '../platform/openapi/answers';
import { UserId } from './signature-input';
import { answerBy, DataWithHeaders, jsonFailures, SignatureAnswers } from './signature.answers';
import { CancelRow, CancelSignature, SignatureResult, StartSignature } from './signature.dto';
import { type CancelledSignature, endAnswers, SignatureService } from './signature.service';

/** Ours, not the vendor's: its answer to a cancel for some devices looks like the end. */
const openDevicesHeader = 'Rescind-Open-Devices';

const row = (deviceId: string, from: 'SERVER' | 'CLIENT'): CancelRow => ({
  deviceId,
  userId: 'alice',
  transactionId: 'demo',
  cancelResult: `TRANSACTION_DISCARDED_FROM_${from}`,
});

const exampleResult: SignatureResult = {
  deviceId: '4711',
  userId: 'alice',
  transactionId: 'demo',
  signatureResult: 'CONFIRMED',
  signature: 'eyJhbGciOiJFUzI1NiJ9.eyJ0cmFuc2FjdGlvbklkIjoi…',
};

/**
 * Each call has two URLs, one for each kind of the vendor's installations: SSMS, where the host names the tenant,
 * and SHIFT, where the path does. Those without a user id answer that it is missing.
 */
@Controller()
@ApiTags('Signatures')
@Authenticate(bearer)
export class SignatureController {
  constructor(private readonly signatures: SignatureService) {}

  @Post([
    'digitanium/v4/users/:userId/signature',
    'digitanium/v4/users/signature',
    'digitanium/v4/users//signature',
    'auth/realms/:tenantId/v3_user/digitaniumsignature/:userId',
    'auth/realms/:tenantId/v3_user/digitaniumsignature',
  ])
  @AcceptsJson()
  @ApiOperation({ summary: 'Ask a user for a signature' })
  @SignatureAnswers({
    by: 'users',
    message: 'Transaction started successfully',
    body: answerBy('users', 'StartedSignature', {
      type: [SignatureResult],
      required: false,
      description: 'The result, of a start without `callbackUrl`.',
    }),
    examples: { withCallback: undefined, withoutCallback: [exampleResult] },
    refusals: ['USERNAME_MISSING', 'USER_NOT_FOUND', 'DEVICE_NOT_FOUND', 'TRANSACTION_DIFFERS', 'TOO_MANY_OPEN'],
    failures: [...jsonFailures, ...failuresOf.beginning],
  })
  start(
    @CurrentPrincipal() principal: TenantPrincipal,
    @UserId() userId: string,
    @Body() input: StartSignature,
    @DisconnectSignal() gone: AbortSignal,
  ): Promise<SignatureResult[] | undefined> {
    return this.signatures.start(principal, userId, input, gone);
  }

  @Delete([
    'digitanium/v4/users/signature/:userId',
    'digitanium/v4/users/signature',
    'auth/realms/:tenantId/v3_user/cancelsignature/:userId',
    'auth/realms/:tenantId/v3_user/cancelsignature',
  ])
  @AcceptsJson()
  @ApiOperation({
    summary: 'Cancel a transaction until it is decided',
    description: [
      '`deviceId` `-1` ends the transaction. A cancel for some devices means that these devices can never sign it;',
      'it ends only when no other device has it. `Rescind-Open-Devices` tells how many can still sign: 0 is the end.',
    ].join(' '),
  })
  @SignatureAnswers({
    by: 'users',
    message: 'Transaction cancelled successfully',
    body: answerBy('users', 'CancelledSignature', { type: [CancelRow] }),
    examples: { onTheServer: [row('-1', 'SERVER')], onDevices: [row('4711', 'CLIENT'), row('4712', 'SERVER')] },
    refusals: [
      'USERNAME_MISSING',
      'USER_NOT_FOUND',
      'TRANSACTION_NOT_FOUND',
      'DEVICE_NOT_FOUND',
      ...Object.values(endAnswers),
    ],
    failures: jsonFailures,
    headers: { [openDevicesHeader]: '0' },
  })
  cancel(
    @CurrentPrincipal() principal: TenantPrincipal,
    @UserId() userId: string,
    @Body() input: CancelSignature,
  ): Promise<DataWithHeaders<readonly CancelRow[]>> {
    return this.signatures.cancel(principal, userId, input).then(shown);
  }
}

function shown({ rows, openDevices }: CancelledSignature): DataWithHeaders<readonly CancelRow[]> {
  return new DataWithHeaders(rows, { [openDevicesHeader]: String(openDevices) });
}
