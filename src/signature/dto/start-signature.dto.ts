import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
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
} from './field';

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

  /** The devices that are asked; `-1`, the default, stands for all that the user has. */
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
