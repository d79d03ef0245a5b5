import { Body, Controller, HttpStatus, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/auth/authenticate';
import { AcceptsJson } from '../../platform/http/body';
import { failuresOf } from '../../platform/openapi/answers';
import { type Attempt, CurrentAttempt, Throttled } from '../../platform/rate-limit/throttle.guard';
import { jsonFailures, SignatureAnswers } from '../signature.answers';
import { answerBy } from '../signature.envelope';
import { DeviceService } from './device.service';
import { EnrolledDevice } from './dto/device-answers.dto';
import { EnrolDevice } from './dto/enrol-device.dto';

@Controller('device/v1/enrolments')
@ApiTags('Enrolment')
@Public()
export class EnrolmentController {
  constructor(private readonly devices: DeviceService) {}

  @Post()
  @AcceptsJson()
  @Throttled('enrolment')
  @ApiOperation({ summary: 'Enrol a device by an activation code of its user' })
  @SignatureAnswers({
    by: 'devices',
    message: 'Device enrolled successfully',
    status: HttpStatus.CREATED,
    body: answerBy('devices', 'DeviceEnrolment', { type: EnrolledDevice }),
    examples: { enrolled: { deviceId: '4711' } },
    refusals: ['ACTIVATION_CODE_NOT_FOUND'],
    failures: [...jsonFailures, ...failuresOf.rateLimit],
  })
  enrol(@Body() input: EnrolDevice, @CurrentAttempt() attempt: Attempt): Promise<EnrolledDevice> {
    return this.devices.enrol(input, attempt);
  }
}
