import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  Equals,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { isPrintable } from '../../platform/text/printable';
import {
  type KindProgress,
  type MetApproval,
  type RecallFreeze,
  recallStates,
  type RecallState,
  type ShownTarget,
} from './recall.entity';

/** Text of 1 to `max` characters, none of them a control character. */
const Printable = (max: number) =>
  ValidateBy({
    name: 'printable',
    validator: {
      validate: (value: unknown) => isPrintable(value, max),
      defaultMessage: () => `$property must be text of 1 to ${max} printable characters`,
    },
  });

const OptionalPrintable = (max: number, example: string, description?: string) =>
  applyDecorators(
    IsOptional(),
    Printable(max),
    ApiPropertyOptional({ type: String, minLength: 1, maxLength: max, example, description }),
  );

/** An object that has exactly one of these fields. */
const OneOf = (...fields: readonly string[]) =>
  ValidateBy({
    name: 'oneOf',
    validator: {
      validate: (value: unknown) => fields.filter((field) => hasValue(value, field)).length === 1,
      defaultMessage: () => `$property must have exactly one of ${fields.join(', ')}`,
    },
  });

function hasValue(value: unknown, field: string): boolean {
  const { [field]: found } = Object(value) as Record<string, unknown>;
  return found !== undefined && found !== null;
}

/** A person, by one of what a user is known by. In answers, what is no user id is masked. */
export class PersonTarget {
  @OptionalPrintable(128, 'alice')
  userId?: string | null;

  @OptionalPrintable(320, 'alice@example.com')
  email?: string | null;

  @OptionalPrintable(64, '+6591234567')
  telephone?: string | null;

  @OptionalPrintable(64, 'S1234567D', 'The id by which a signer is identified.')
  signer?: string | null;
}

export class ApprovalTarget {
  @Printable(32)
  @ApiProperty({ maxLength: 32, example: 'otp' })
  kind: string;

  @Printable(256)
  @ApiProperty({ maxLength: 256, example: '01ARZ3NDEKTSV4RRFFQ69G5FAV' })
  id: string;
}

/** Whose approvals are meant: exactly one of these. */
export class RecallTarget {
  @IsOptional()
  @OneOf('userId', 'email', 'telephone', 'signer')
  @ValidateNested()
  @Type(() => PersonTarget)
  @ApiPropertyOptional({ type: PersonTarget })
  person?: PersonTarget | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => ApprovalTarget)
  @ApiPropertyOptional({ type: ApprovalTarget })
  approval?: ApprovalTarget | null;

  @OptionalPrintable(256, 'test-client-id', 'What a relying party has asked for.')
  relyingParty?: string | null;

  @OptionalPrintable(256, 'backend', 'What an OAuth client has begun.')
  client?: string | null;

  @IsOptional()
  @Matches(/^[1-9]\d{0,17}$/, { message: '$property must be the id of a device' })
  @ApiPropertyOptional({
    type: String,
    pattern: '^[1-9]\\d{0,17}$',
    example: '1',
    description: 'What a device has, or may fetch.',
  })
  device?: string | null;

  @IsOptional()
  @Equals(true, { message: '$property must be true' })
  @ApiPropertyOptional({ type: Boolean, enum: [true], description: 'All that is pending in the tenant.' })
  tenant?: true | null;
}

const yearSeconds = 365 * 24 * 60 * 60;

/** What is to be ended, and why. */
export class OrderRecall {
  @OneOf('person', 'approval', 'relyingParty', 'client', 'device', 'tenant')
  @ValidateNested()
  @Type(() => RecallTarget)
  @ApiProperty({ type: RecallTarget, example: { person: { userId: 'alice' } } })
  target: RecallTarget;

  /** The kinds of approvals; all where it is left out. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(32)
  @Matches(/^[a-z][a-z-]{0,31}$/, { each: true, message: 'each of kinds must be a kind of approval, such as otp' })
  @ApiPropertyOptional({ type: [String], minItems: 1, maxItems: 32, example: ['otp', 'signature'] })
  kinds?: string[] | null;

  /** In the history of each approval that is ended. */
  @Printable(500)
  @ApiProperty({ minLength: 1, maxLength: 500, example: 'She did not ask for this.' })
  reason: string;

  /** Changes nothing, and answers what would be ended now. */
  @IsOptional()
  @IsBoolean()
  @ApiPropertyOptional({ type: Boolean, default: false, example: false })
  dryRun?: boolean | null;

  /** So long nothing new begins for the target. One approval cannot be frozen. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(yearSeconds)
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: yearSeconds, example: 3600 })
  freezeSeconds?: number | null;
}

/** The same by an operator, who says in which tenant. */
export class OrderRecallIn extends OrderRecall {
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/, { message: 'tenant must be the id of a tenant: 1 to 63 of a-z, 0-9 and -' })
  @ApiProperty({ example: 'demo' })
  tenant: string;
}

class ShownProgress implements KindProgress {
  @ApiProperty({ example: 'otp' })
  kind: string;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'How many were pending when they were counted; null until then.',
  })
  total: number | null;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many of them the recall has ended.' })
  done: number;
}

class ShownApproval implements MetApproval {
  @ApiProperty({ example: 'otp' })
  kind: string;

  @ApiProperty()
  id: string;

  @ApiProperty({ example: 'pending' })
  before: string;

  @ApiProperty({ example: 'cancelled' })
  after: string;

  @ApiProperty({ description: 'Whether this recall ended it; otherwise it had ended already.' })
  ended: boolean;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it ended.' })
  at: string | null;
}

class ShownFreeze implements RecallFreeze {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'date-time' })
  endsAt: string;
}

/** A recall as a list shows it. */
export class ListedRecall {
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Null of a dry run.' })
  id: string | null;

  @ApiProperty({ example: 'demo' })
  tenant: string;

  @ApiProperty({ type: RecallTarget, description: 'A person’s identifiers are masked.' })
  target: ShownTarget;

  @ApiProperty({ type: [String] })
  kinds: readonly string[];

  @ApiProperty()
  reason: string;

  @ApiProperty({ example: 'key:help-desk' })
  actor: string;

  @ApiProperty({ enum: recallStates })
  state: RecallState;

  @ApiProperty({ description: 'What began later is none of its own.' })
  begunAt: Date;

  @ApiProperty({ type: Date, nullable: true })
  endedAt: Date | null;

  @ApiProperty({ type: [ShownProgress] })
  progress: readonly ShownProgress[];
}

/** A recall. */
export class ShownRecall extends ListedRecall {
  @ApiProperty({
    type: [ShownApproval],
    nullable: true,
    description:
      'Of a person or one approval: all that was pending, and of each kind the 20 last begun that had ended already. Null of a wider target.',
  })
  approvals: readonly ShownApproval[] | null;

  @ApiPropertyOptional({ type: ShownFreeze, description: 'Where it began one.' })
  freeze?: ShownFreeze;
}

export class ListRecalls {
  /** A tenant's id. */
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/, { message: 'tenant must be the id of a tenant: 1 to 63 of a-z, 0-9 and -' })
  @ApiPropertyOptional({ example: 'demo' })
  tenant?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 200, default: 100 })
  limit = 100;

  /** Where the page before this one ended: its `next`. */
  @IsOptional()
  @IsUUID(undefined, { message: 'after must be the next of the page before' })
  @ApiPropertyOptional()
  after?: string;
}

export class RecallPage {
  @ApiProperty({ type: [ListedRecall], description: 'Newest first.' })
  items: readonly ListedRecall[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What to ask for `after` this page; null on the last one.',
  })
  next: string | null;
}
