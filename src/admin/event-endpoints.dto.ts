import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { type EventType, eventTypes } from '../approvals/events/event-endpoint.entity';
import { ShownDeliveryProgress } from '../messages/delivery-admin.service';
import { type EndpointDelivery } from '../messages/delivery.repository';
import { OptionalLabel, ReplacingUrl, UnlessLeftOut, Url } from './input';

const kindPattern = /^[a-z]+(-[a-z]+)*$/;

const Types = (required: boolean) =>
  applyDecorators(
    ...(required ? [] : [UnlessLeftOut()]),
    IsArray(),
    ArrayMinSize(1),
    ArrayUnique(),
    IsIn(eventTypes, { each: true }),
    ApiProperty({ type: [String], enum: eventTypes, minItems: 1, required, example: ['approval.ended'] }),
  );

abstract class Wishes {
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @Matches(kindPattern, { each: true, message: 'each of kinds must be the name of a kind of approval' })
  @ApiPropertyOptional({
    type: [String],
    nullable: true,
    minItems: 1,
    maxItems: 20,
    example: ['otp'],
    description: 'The kinds of approval whose events it receives; null: all. Recalls and freezes are of no kind.',
  })
  kinds?: string[] | null;

  @OptionalLabel('Backend of the shop')
  description?: string | null;
}

export class CreateEventEndpoint extends Wishes {
  /** Where events are posted. */
  @Url('https://shop.acme.example/events')
  url: string;

  @Types(true)
  types: EventType[];
}

/** What is left out stays as it is. */
export class ChangeEventEndpoint extends Wishes {
  @ReplacingUrl('https://shop.acme.example/events')
  url?: string;

  @Types(false)
  types?: EventType[];

  @UnlessLeftOut()
  @IsBoolean()
  @ApiPropertyOptional({ example: false, description: 'True: nothing is sent to it, nor kept for it.' })
  disabled?: boolean;
}

export const dayInSeconds = 24 * 60 * 60;

export class RotateEventSecret {
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(7 * dayInSeconds)
  @ApiPropertyOptional({
    type: Number,
    minimum: 0,
    maximum: 7 * dayInSeconds,
    default: dayInSeconds,
    description: 'For how long the secret before signs beside the new one; 0: not at all.',
  })
  overlapSeconds?: number;
}

/** What is shown of an event endpoint once: when it is made, or given another secret. */
export class CreatedEventEndpoint {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ description: 'By which signatures `v1` (HMAC-SHA-256) are verified.' })
  secret: string;

  @ApiProperty({ description: 'By which signatures `v1a` (Ed25519) are verified. It is no secret.' })
  publicKey: string;
}

const endpointStates = ['enabled', 'failing', 'disabled'] as const;

/** An event endpoint as administrators see it. */
export class ShownEventEndpoint {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  tenantId: string;

  @ApiProperty({ format: 'uri' })
  url: string;

  @ApiProperty({ type: [String], enum: eventTypes })
  types: EventType[];

  @ApiProperty({ type: [String], nullable: true, description: 'Null: all.' })
  kinds: string[] | null;

  @ApiProperty({ type: String, nullable: true })
  description: string | null;

  @ApiProperty({ description: 'By which signatures `v1a` are verified.' })
  publicKey: string;

  @ApiProperty({
    enum: endpointStates,
    description: '`failing`: no try has succeeded for an hour. `disabled`: by an operator, or since it answered 410.',
  })
  state: (typeof endpointStates)[number];

  @ApiProperty({ type: Date, nullable: true, description: 'Since when every try has failed.' })
  failingSince: Date | null;

  @ApiProperty({ type: Date, nullable: true })
  disabledAt: Date | null;

  @ApiProperty()
  createdAt: Date;
}

/** What was delivered to an endpoint, or is yet to be. */
export class ShownEventDelivery extends ShownDeliveryProgress implements EndpointDelivery {
  @ApiProperty({ format: 'uuid', description: 'What the endpoint sees as `webhook-id`.' })
  id: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The event.' })
  content: object;
}

export class QueuedTest {
  @ApiProperty({ format: 'uuid', description: 'The delivery: what the endpoint sees as `webhook-id`.' })
  deliveryId: string;
}
