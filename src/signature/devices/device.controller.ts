import { Controller, Delete, Get, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticate, CurrentPrincipal } from '../../platform/auth/authenticate';
import { SignatureAnswers } from '../signature.answers';
import { answerBy } from '../signature.envelope';
import { UserId } from '../user-id';
import { DeviceId } from './device-id';
import { type DeviceCaller, DeviceService } from './device.service';
import { ShownDevice } from './dto/device-answers.dto';
import { bearer } from '../../accounts/tokens/bearer.strategy';
import { type TenantPrincipal } from '../../accounts/tokens/access-tokens';

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

const done = answerBy('devices', 'DeviceAnswer', { type: Boolean, enum: [true] });

/** What a tenant's backend does with devices, at the addresses of both kinds of installations. */
@Controller()
@ApiTags('Devices')
@Authenticate(bearer)
export class DeviceController {
  constructor(private readonly devices: DeviceService) {}

  /** The addresses without a user id are there to say that it is missing. */
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
  list(@CurrentPrincipal() asking: TenantPrincipal, @UserId() userId: string): Promise<ShownDevice[]> {
    return this.devices.list(asking.tenantId, userId);
  }

  @Post(['digitanium/v4/devices/:deviceId/lock', 'auth/realms/:tenantId/v3_device/:deviceId/lock'])
  @ApiOperation({ summary: 'Keep a device from signing' })
  @SignatureAnswers({
    by: 'devices',
    message: 'Device locked successfully',
    body: done,
    examples: { locked: true },
    refusals: ['DEVICEID_MISSING', 'DEVICE_NOT_FOUND', 'ALREADY_LOCKED'],
  })
  lock(@CurrentPrincipal() asking: TenantPrincipal, @DeviceId() deviceId: string): Promise<true> {
    return this.devices.lock(callerOf(asking), deviceId);
  }

  @Post(['digitanium/v4/devices/:deviceId/unlock', 'auth/realms/:tenantId/v3_device/:deviceId/unlock'])
  @ApiOperation({ summary: 'Let a locked device sign again' })
  @SignatureAnswers({
    by: 'devices',
    message: 'Device unlocked successfully',
    body: done,
    examples: { unlocked: true },
    refusals: ['DEVICEID_MISSING', 'DEVICE_NOT_FOUND', 'ALREADY_UNLOCKED'],
  })
  unlock(@CurrentPrincipal() asking: TenantPrincipal, @DeviceId() deviceId: string): Promise<true> {
    return this.devices.unlock(callerOf(asking), deviceId);
  }

  @Delete(['digitanium/v4/devices/:deviceId', 'auth/realms/:tenantId/v3_device/:deviceId'])
  @ApiOperation({ summary: 'Take a device away, and back whatever waits on it' })
  @SignatureAnswers({
    by: 'devices',
    message: 'Device deleted successfully',
    body: done,
    examples: { deleted: true },
    refusals: ['DEVICEID_MISSING', 'DEVICE_NOT_FOUND'],
  })
  delete(@CurrentPrincipal() asking: TenantPrincipal, @DeviceId() deviceId: string): Promise<true> {
    return this.devices.delete(callerOf(asking), deviceId);
  }
}

function callerOf(asking: TenantPrincipal): DeviceCaller {
  return { tenantId: asking.tenantId, actor: asking.actor };
}
