import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type ListedDevice } from '../../accounts/devices/device.repository';
import { readDeviceKey } from '../../accounts/devices/device.strategy';
import { Field, MayBeEmpty, TextField } from '../signature-input';

/** A device introduces itself by a code that its user was given. */
export class EnrolDevice {
  @TextField(64)
  @ApiProperty({ example: 'K7QM2-9XWTA' })
  activationCode: string;

  /** The public half of the key pair that the device made: P-256, as a JWK. */
  @Field('publicKey', (value) => (isPublicKey(value) ? undefined : 'must be a public P-256 key as a JWK'))
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
  })
  publicKey: Record<string, unknown>;

  /** What the user calls the device. */
  @MayBeEmpty('name')
  @TextField(128)
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 128, example: 'Alice’s phone' })
  name?: string | null;
}

function isPublicKey(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !('d' in value) && readDeviceKey(value) !== undefined;
}

export class EnrolledDevice {
  @ApiProperty({ example: '4711' })
  deviceId: string;
}

const deviceStates = ['ONLINE', 'OFFLINE'] as const;

/** A device as its tenant sees it. */
export class ShownDevice {
  @ApiProperty({ example: '4711' })
  deviceId: string;

  @ApiProperty({ type: String, nullable: true })
  deviceName: string | null;

  @ApiProperty()
  locked: boolean;

  @ApiProperty({
    enum: deviceStates,
    description: '`ONLINE`: it waits for transactions, or asked for them a moment ago.',
  })
  deviceState: (typeof deviceStates)[number];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'When it last asked, in seconds since 1970; null where it never has.',
  })
  lastLoginTime: string | null;
}

/** How long a device counts as online after its last call, in milliseconds: longer than one call may wait. */
const onlineForMs = 90_000;

export function showDevices(devices: readonly ListedDevice[]): ShownDevice[] {
  return devices.map(({ id, name, locked, seenAt }) => {
    const isOnline = seenAt !== null && Date.now() - seenAt.getTime() < onlineForMs;
    return {
      deviceId: id,
      deviceName: name,
      locked,
      deviceState: isOnline ? 'ONLINE' : 'OFFLINE',
      lastLoginTime: seenAt && String(Math.floor(seenAt.getTime() / 1000)),
    };
  });
}
