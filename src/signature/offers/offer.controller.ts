import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { device, type DevicePrincipal } from '../../accounts/devices/device.strategy';
import { Authenticate, CurrentPrincipal } from '../../platform/auth/authenticate';
import { AcceptsJson } from '../../platform/http/body';
import { DisconnectSignal } from '../../platform/http/request';
import { DataWithHeaders, jsonFailures, SignatureAnswers } from '../signature.answers';
import { decidedAnswer, DecideOffer, fetchedAnswer, FetchOffers, type OfferedSignature } from './offer.dto';
import { TransactionId } from '../signature-input';
import { type Fetched, OfferService } from './offer.service';

export const exampleOffer = {
  transactionId: 'demo',
  userId: 'alice',
  signatureMessage: 'Pay 12.50 EUR to Bob',
  pinRequired: false,
  expiresAt: '2025-01-15T10:32:00.000Z',
};

export const moreHeader = 'Rescind-More-Transactions';

/** Why a device may not decide a transaction that it was offered. */
export const undecidable = [
  'SERVER_CANCEL',
  'NOT_FETCHED',
  'DEVICE_LOCKED',
  'ALREADY_CONFIRMED',
  'ALREADY_REJECTED',
  'ALREADY_EXPIRED',
] as const;

@Controller('device/v1/signatures')
@ApiTags('Signatures')
@Authenticate(device, { once: true })
export class OfferController {
  constructor(private readonly offers: OfferService) {}

  @Get()
  @ApiOperation({
    summary: 'What is open for this device; waits for something new',
    description: [
      'At most 20 transactions and 256 KiB of messages, first what the device has not fetched before, then what ends soonest.',
      '`Rescind-More-Transactions` tells how many more there are: decide some of these, and fetch again.',
    ].join(' '),
  })
  @SignatureAnswers({
    by: 'devices',
    message: 'Transactions fetched successfully',
    body: fetchedAnswer,
    examples: { offered: [exampleOffer], nothing: [] },
    headers: { [moreHeader]: '0' },
    refusals: [],
    failures: [
      { kind: 'invalid-input', faults: [{ field: 'wait', problem: 'wait must be a whole number of seconds' }] },
    ],
  })
  fetch(
    @CurrentPrincipal() principal: DevicePrincipal,
    @Query() { wait }: FetchOffers,
    @DisconnectSignal() gone: AbortSignal,
  ): Promise<DataWithHeaders<readonly OfferedSignature[]>> {
    return this.offers.fetch(principal, Number(wait ?? 0), gone).then(showFetched);
  }

  @Post(':transactionId/decision')
  @AcceptsJson()
  @ApiOperation({ summary: 'Confirm or reject a transaction' })
  @SignatureAnswers({
    by: 'devices',
    message: 'Decision accepted',
    body: decidedAnswer,
    examples: { accepted: undefined },
    refusals: ['TRANSACTION_NOT_FOUND', 'INVALID_SIGNATURE', ...undecidable],
    failures: jsonFailures,
  })
  decide(
    @CurrentPrincipal() principal: DevicePrincipal,
    @TransactionId() transactionId: string,
    @Body() input: DecideOffer,
  ): Promise<void> {
    return this.offers.decide(principal, transactionId, input);
  }
}

export function showFetched({ offered, more }: Fetched): DataWithHeaders<readonly OfferedSignature[]> {
  return new DataWithHeaders(offered, { [moreHeader]: String(more) });
}
