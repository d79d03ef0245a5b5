import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type CancelResult, cancelResults } from './addressed-devices';
import {
  DeviceIdsField,
  deviceIdsSchema,
  Field,
  FlagField,
  IdField,
  MayBeEmpty,
  SecondsField,
  secondsSchema,
  TextField,
} from './signature-input';

/** Which transaction is cancelled, and on which devices. Source: Cancel Signature, "Request body". */
export class CancelSignature {
  /** The user's devices it is cancelled on, or `-1` for all of them; a single one may also be a plain string. */
  @DeviceIdsField()
  @ApiProperty({ ...deviceIdsSchema, example: ['-1'] })
  deviceId: string[];

  /** What the transaction was started with. */
  @TextField(256)
  @ApiProperty({ example: 'demo' })
  transactionId: string;
}

/** What a user is asked to sign. */
export class StartSignature {
  /** The caller's own id of the transaction, unique within the tenant. */
  @IdField(256)
  @ApiProperty({ example: 'demo', maxLength: 256 })
  transactionId: string;

  /** How long a device has to fetch the transaction, in seconds. */
  @SecondsField()
  @ApiProperty({ ...secondsSchema, example: '60' })
  deviceGoOnlineTimeout: string | number;

  /** How long the user has to decide once a device has fetched it, in seconds. */
  @SecondsField()
  @ApiProperty({ ...secondsSchema, example: '120' })
  signatureTimeout: string | number;

  /** The devices that are asked; `-1`, the default, for all of the user's devices. */
  @MayBeEmpty('deviceId')
  @DeviceIdsField()
  @ApiPropertyOptional({ oneOf: [...deviceIdsSchema.oneOf, { type: 'null' }], default: ['-1'] })
  deviceId?: string[] | null;

  /** Whether the device must ask for its PIN. */
  @MayBeEmpty('pinRequired')
  @FlagField()
  @ApiPropertyOptional({
    oneOf: [{ type: 'boolean' }, { type: 'string', enum: ['true', 'false', ''] }, { type: 'null' }],
    default: false,
    example: false,
  })
  pinRequired?: boolean | string | null;

  /** What a push service may show of it. */
  @MayBeEmpty('pushNotificationMessage')
  @TextField()
  @ApiPropertyOptional({ type: String, nullable: true, example: 'A payment waits for you' })
  pushNotificationMessage?: string | null;

  /** Only text can be signed. */
  @MayBeEmpty('signatureMode')
  @Field('mode', (value) => (value === 'MESSAGE' ? undefined : 'must be MESSAGE'))
  @ApiPropertyOptional({ enum: ['MESSAGE', ''], nullable: true, default: 'MESSAGE' })
  signatureMode?: 'MESSAGE' | null;

  /** The text to be signed. */
  @TextField()
  @ApiProperty({ example: 'Pay 12.50 EUR to Bob' })
  signatureMessage: string;

  /** Where the result is posted; without it the answer to this very call is the result. */
  @MayBeEmpty('callbackUrl')
  @TextField(2048)
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 2048, example: 'https://example.com/signatures' })
  callbackUrl?: string | null;

  /** Headers that the result is posted with. */
  @MayBeEmpty('callBackHeaders')
  @Field('headers', headersFault)
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, maxProperties: 50, nullable: true })
  callBackHeaders?: Readonly<Record<string, string>> | null;
}

function headersFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be an object of strings';
  const values: unknown[] = Object.values(value);
  if (values.length > 50) return 'must not have more than 50 headers';
  return values.every((each) => typeof each === 'string') ? undefined : 'must be an object of strings';
}

/** How a transaction ended, in the vendor's words; `DEVICE_OFFLINE`: no device fetched it in time. */
const signatureEnds = ['CONFIRMED', 'REJECTED', 'EXPIRED', 'DEVICE_OFFLINE', 'CANCELLED'] as const;
export type SignatureEnd = (typeof signatureEnds)[number];

/** The result of a transaction that is over. */
export class SignatureResult {
  @ApiProperty({
    description: 'The device that decided, or was alone addressed; `-1` where there were several or none.',
  })
  deviceId: string;

  @ApiProperty()
  userId: string;

  @ApiProperty()
  transactionId: string;

  @ApiProperty({ enum: signatureEnds, description: '`DEVICE_OFFLINE`: no device fetched it in time.' })
  signatureResult: SignatureEnd;

  @ApiPropertyOptional({ description: 'The device’s compact JWS, where it confirmed.' })
  signature?: string;
}

/** What a cancel did on one device. */
export class CancelRow {
  @ApiProperty({ description: '`-1` where all devices were meant and none had fetched the transaction.' })
  deviceId: string;

  @ApiProperty()
  userId: string;

  @ApiProperty()
  transactionId: string;

  @ApiProperty({ enum: cancelResults })
  cancelResult: CancelResult;
}
