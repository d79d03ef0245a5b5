import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { SignatureRefusal } from '../signature.errors';

/**
 * The parameter that receives the device id of the path.
 * @throws SignatureRefusal DEVICEID_MISSING when it is blank, DEVICE_NOT_FOUND when no device can have it
 */
export const DeviceId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { deviceId } = context.switchToHttp().getRequest<Request>().params;
  if (typeof deviceId !== 'string' || deviceId.trim() === '') throw new SignatureRefusal('DEVICEID_MISSING');
  if (!/^[1-9]\d{0,17}$/.test(deviceId)) throw new SignatureRefusal('DEVICE_NOT_FOUND');
  return deviceId;
});
