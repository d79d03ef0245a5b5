import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/auth/authenticate';
import { AcceptsJson } from '../../platform/http/body';
import { DeviceId } from '../../signature/signature-input';
import { exampleOffer, moreHeader, showFetched } from '../../signature/offers/offer.controller';
import { decidedAnswer, fetchedAnswer, type OfferedSignature } from '../../signature/offers/offer.dto';
import { type DataWithHeaders, jsonFailures, SignatureAnswers } from '../../signature/signature.answers';
import { DemoDevicesService } from './demo-devices.service';
import { PlayDecision } from './play-decision.dto';

/** Plays the demo users' devices; answers what a real device would be answered. */
@Controller('sandbox/devices/:deviceId')
@Public()
@ApiTags('Sandbox')
export class DemoDevicesController {
  constructor(private readonly devices: DemoDevicesService) {}

  @Post('fetch')
  @ApiOperation({ summary: 'Have a demo device fetch its transactions' })
  @SignatureAnswers({
    by: 'devices',
    message: 'Transactions fetched successfully',
    body: fetchedAnswer,
    examples: { offered: [exampleOffer], nothing: [] },
    headers: { [moreHeader]: '0' },
    refusals: ['DEVICE_NOT_FOUND'],
  })
  fetch(@DeviceId() deviceId: string): Promise<DataWithHeaders<readonly OfferedSignature[]>> {
    return this.devices.fetch(deviceId).then(showFetched);
  }

  @Post('decide')
  @AcceptsJson()
  @ApiOperation({ summary: 'Have a demo device confirm or reject a transaction that it has fetched' })
  @SignatureAnswers({
    by: 'devices',
    message: 'Decision accepted',
    body: decidedAnswer,
    examples: { accepted: undefined },
    refusals: [
      'DEVICE_NOT_FOUND',
      'TRANSACTION_NOT_FOUND',
      'SERVER_CANCEL',
      'NOT_FETCHED',
      'DEVICE_LOCKED',
      'ALREADY_CONFIRMED',
      'ALREADY_REJECTED',
      'ALREADY_EXPIRED',
    ],
    failures: jsonFailures,
  })
  decide(@DeviceId() deviceId: string, @Body() input: PlayDecision): Promise<void> {
    return this.devices.decide(deviceId, input);
  }
}
