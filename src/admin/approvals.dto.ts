import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min, ValidateBy } from 'class-validator';
import { type ApprovalDelivery } from '../messages/delivery.repository';
import { ShownDeliveryProgress } from '../messages/delivery-admin.service';
import { isPrintable } from '../platform/text/printable';
import { ShownHistoryRow } from './history.dto';
import { OptionalInstant, Slug } from './input';

const OptionalText = (max: number, example: string, description: string) =>
  applyDecorators(
    IsOptional(),
    ValidateBy({
      name: 'printable',
      validator: {
        validate: (value: unknown) => isPrintable(value, max),
        defaultMessage: () => `$property must be text of 1 to ${max} printable characters`,
      },
    }),
    ApiPropertyOptional({ type: String, minLength: 1, maxLength: max, example, description }),
  );

/** Which approvals are asked for. Of those from `userId` to `endedBy` one is given at most. */
export class ApprovalsQuery {
  @Slug('acme')
  tenant: string;

  @IsOptional()
  @Matches(/^[a-z][a-z-]{0,31}$/, { message: 'kind must be a kind of approval, such as otp' })
  @ApiPropertyOptional({ example: 'otp' })
  kind?: string;

  @IsOptional()
  @Matches(/^[a-z][a-z_]{0,31}$/, { message: 'state must be open, ended, or the name of a state' })
  @ApiPropertyOptional({ example: 'open', description: '`open`, `ended`, or one state by its name.' })
  state?: string;

  @OptionalText(128, 'alice', 'All of the person who is this user.')
  userId?: string;

  @OptionalText(320, 'alice@example.com', 'An e-mail address or telephone number: all of the person whose it is.')
  recipient?: string;

  @OptionalText(64, 'S1234567D', 'The id by which a signer is identified: all of that person.')
  signer?: string;

  @OptionalText(256, 'test-client-id', 'What this relying party has asked for.')
  relyingParty?: string;

  @OptionalText(256, 'backend', 'What this OAuth client has begun.')
  client?: string;

  @IsOptional()
  @Matches(/^[1-9]\d{0,17}$/, { message: '$property must be the id of a device' })
  @ApiPropertyOptional({ pattern: '^[1-9]\\d{0,17}$', example: '1', description: 'What this device was asked for.' })
  deviceId?: string;

  @OptionalText(512, 'clock', 'The actor who ended it; `clock` where time did, once that is written down.')
  endedBy?: string;

  /** Begun from this instant on, in RFC 3339 … */
  @OptionalInstant('2025-01-15T10:30:00Z')
  from?: string;

  /** … and before this one. */
  @OptionalInstant('2025-01-15T10:30:00Z')
  to?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 200, default: 100 })
  limit = 100;

  /** Where the page before this one ended: its `next`. */
  @IsOptional()
  @Matches(/^[\w-]{1,2048}$/, { message: 'after must be the next of the page before' })
  @ApiPropertyOptional()
  after?: string;
}

export class ApprovalQuery {
  @Slug('acme')
  tenant: string;
}

/** An approval as it is now: what is past its time has timed out, written down or not. */
export class ListedApproval {
  @ApiProperty({ example: 'acme' })
  tenant: string;

  @ApiProperty({ example: 'otp' })
  kind: string;

  @ApiProperty()
  id: string;

  @ApiProperty({ example: 'pending' })
  state: string;

  @ApiProperty()
  begunAt: Date;

  @ApiProperty({ example: 'tenant:backend', description: 'Empty where a server of an older version began it.' })
  begunBy: string;

  @ApiProperty({ type: Date, nullable: true })
  endedAt: Date | null;

  @ApiProperty({ type: String, nullable: true, description: '`clock` where time did.' })
  endedBy: string | null;

  @ApiProperty()
  expiresAt: Date;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What else is known of this kind.' })
  facts: object;
}

const waysOn = ['call', 'time', 'recall'] as const;

class NextTransition {
  @ApiProperty({ example: 'cancel', description: '`lapse` is what time does.' })
  transition: string;

  @ApiProperty({ example: 'cancelled' })
  to: string;

  @ApiProperty({ enum: waysOn, description: 'What brings it about; `recall` where nothing but a recall may.' })
  by: (typeof waysOn)[number];

  @ApiProperty({ type: Date, nullable: true, description: 'When time does it; null of all else.' })
  at: Date | null;
}

class ChainVerdict {
  @ApiProperty({ description: 'Whether each hash is that of its row and of the row before, up to the approval’s own.' })
  intact: boolean;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The `seq` of the first row that is not so.' })
  brokenAt: number | null;
}

class ShownApprovalDelivery extends ShownDeliveryProgress implements ApprovalDelivery {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: 'otp-message' })
  channel: string;
}

/** An approval with all that is known of it. */
export class ApprovalDetail extends ListedApproval {
  @ApiProperty({ type: [NextTransition], description: 'What may become of it.' })
  next: readonly NextTransition[];

  @ApiProperty({ type: [ShownHistoryRow], description: 'Its history. What time has done may not be written down yet.' })
  timeline: readonly ShownHistoryRow[];

  @ApiProperty()
  chain: ChainVerdict;

  @ApiProperty({ type: [ShownApprovalDelivery], maxItems: 100, description: 'Newest first.' })
  deliveries: readonly ShownApprovalDelivery[];
}
