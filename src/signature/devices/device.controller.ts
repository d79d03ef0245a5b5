import { Body, Controller, Delete, Get, HttpStatus, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DeviceService } from '../../accounts/devices/device.service';
import { type TenantPrincipal } from '../../accounts/tokens/access-tokens';
import { bearer } from '../../accounts/tokens/tenant.strategies';
import { Authenticate, CurrentPrincipal, Public } from '../../platform/auth/authenticate';
import { AcceptsJson } from '../../platform/http/body';
import { failuresOf } from '../../platform/openapi/answers';
import { type Attempt, CurrentAttempt, Throttled } from '../../platform/rate-limit/throttle.guard';
import { DeviceId, UserId } from '../signature-input';
import { answerBy, jsonFailures, SignatureAnswers } from '../signature.answers';
import { EnrolDevice, EnrolledDevice, showDevices, ShownDevice } from './device.dto';

const exampleDevice: ShownDevice = {
  deviceId: '4711',
  deviceName: 'Alice’s phone',
  locked: false,
  deviceState: 'ONLINE',
  lastLoginTime: '1736937000',
};

const neverSeen: ShownDevice = {
  deviceId: '4712',
  deviceName: null,
  locked: false,
  deviceState: 'OFFLINE',
  lastLoginTime: null,
};

const doneAnswer = answerBy('devices', 'DeviceAnswer', { type: Boolean, enum: [true] });
const done = () => true as const;

/** What a tenant's backend does with devices, at the addresses of both kinds of installations. */
@Controller()
@ApiTags('Devices')
@Authenticate(bearer)
export class DeviceController {
  constructor(private readonly devices: DeviceService) {}

  /** The paths without a user id answer that it is missing. */
  @Get([
    'digitanium/v4/users/:userId/devices',
    'digitanium/v4/users/devices',
    'digitanium/v4/users//devices',
    'auth/realms/:tenantId/v3_user/devices/:userId',
    'auth/realms/:tenantId/v3_user/devices',
  ])
  @ApiOperation({ summary: 'List the devices of a user' })
  @SignatureAnswers({
    by: 'users',
    message: 'Devices list for user fetched successfully',
    body: answerBy('users', 'DeviceList', { type: [ShownDevice] }),
    examples: { devices: [exampleDevice, neverSeen] },
    refusals: ['USERNAME_MISSING', 'USER_NOT_FOUND'],
  })
  list(@CurrentPrincipal() { tenantId }: TenantPrincipal, @UserId() userId: string): Promise<ShownDevice[]> {
    return this.devices.list(tenantId, userId).then(showDevices);
  }

  @Post(['digitanium/v4/devices/:deviceId/lock', 'auth/realms/:tenantId/v3_device/:deviceId/lock'])
  @ApiOperation({ summary: 'Keep a device from signing' })
  @SignatureAnswers({
    by: 'devices',
    message: 'Device locked successfully',
    body: doneAnswer,
    examples: { locked: true },
    refusals: ['DEVICEID_MISSING', 'DEVICE_NOT_FOUND', 'ALREADY_LOCKED'],
  })
  lock(@CurrentPrincipal() { tenantId }: TenantPrincipal, @DeviceId() deviceId: string): Promise<true> {
    return this.devices.lock({ tenantId, deviceId }).then(done);
  }

  @Post(['digitanium/v4/devices/:deviceId/unlock', 'auth/realms/:tenantId/v3_device/:deviceId/unlock'])
  @ApiOperation({ summary: 'Let a locked device sign again' })
  @SignatureAnswers({
    by: 'devices',
    message: 'Device unlocked successfully',
    body: doneAnswer,
    examples: { unlocked: true },
    refusals: ['DEVICEID_MISSING', 'DEVICE_NOT_FOUND', 'ALREADY_UNLOCKED'],
  })
  unlock(@CurrentPrincipal() { tenantId }: TenantPrincipal, @DeviceId() deviceId: string): Promise<true> {
    return this.devices.unlock({ tenantId, deviceId }).then(done);
  }

  @Delete(['digitanium/v4/devices/:deviceId', 'auth/realms/:tenantId/v3_device/:deviceId'])
  @ApiOperation({ summary: 'Take a device away, and back whatever waits on it' })
  @SignatureAnswers({
    by: 'devices',
    message: 'Device deleted successfully',
    body: doneAnswer,
    examples: { deleted: true },
    refusals: ['DEVICEID_MISSING', 'DEVICE_NOT_FOUND'],
  })
  delete(@CurrentPrincipal() { tenantId, actor }: TenantPrincipal, @DeviceId() deviceId: string): Promise<true> {
    return this.devices.delete({ tenantId, deviceId }, actor).then(done);
  }
}

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
