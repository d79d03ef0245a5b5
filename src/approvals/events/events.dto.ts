import { ApiProperty } from '@nestjs/swagger';
import { type EventType } from './event-endpoint.entity';

const exampleInstant = '2025-01-15T10:30:00.000Z';

/** What every event says. */
abstract class Event {
  abstract readonly type: EventType | 'endpoint.test';

  @ApiProperty({ format: 'date-time', description: 'When it happened.', example: exampleInstant })
  readonly timestamp: string;
}

/** What an event says of an approval: never a code, a document or a recipient. */
export class ApprovalEventData {
  @ApiProperty({ example: 'acme' })
  readonly tenant: string;

  @ApiProperty({ description: 'The kind of approval.', example: 'otp' })
  readonly kind: string;

  @ApiProperty({ example: '01ARZ3NDEKTSV4RRFFQ69G5FAV' })
  readonly id: string;

  @ApiProperty({ description: 'The state that it is in since.', example: 'cancelled' })
  readonly state: string;

  @ApiProperty({ description: 'How it came there: `begin`, `lapse` where its time was over, …', example: 'cancel' })
  readonly transition: string;

  @ApiProperty({ description: 'Who made the transition.', example: 'tenant:backend' })
  readonly actor: string;

  @ApiProperty({ type: String, nullable: true, description: 'Why it was recalled; null of any other transition.' })
  readonly reason: string | null;

  @ApiProperty({ format: 'date-time', example: exampleInstant })
  readonly at: string;
}

export class ApprovalEvent extends Event {
  @ApiProperty({ enum: ['approval.begun', 'approval.ended'] })
  readonly type: 'approval.begun' | 'approval.ended';

  @ApiProperty()
  readonly data: ApprovalEventData;
}

export class RecallEventData {
  @ApiProperty({ example: 'acme' })
  readonly tenant: string;

  @ApiProperty({ format: 'uuid' })
  readonly id: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many approvals it has ended.', example: 3 })
  readonly ended: number;

  @ApiProperty({ example: 'operator:carol' })
  readonly actor: string;

  @ApiProperty({ example: 'telephone call' })
  readonly reason: string;

  @ApiProperty({ format: 'date-time', example: exampleInstant })
  readonly at: string;
}

/** A recall has ended all that it is to end. */
export class RecallEvent extends Event {
  @ApiProperty({ enum: ['recall.done'] })
  readonly type: 'recall.done';

  @ApiProperty()
  readonly data: RecallEventData;
}

export class FreezeEventData {
  @ApiProperty({ example: 'acme' })
  readonly tenant: string;

  @ApiProperty({ format: 'uuid' })
  readonly id: string;

  @ApiProperty({ format: 'uuid', type: String, nullable: true, description: 'The recall that it belongs to.' })
  readonly recall: string | null;

  @ApiProperty({ format: 'date-time', description: 'When it is over unless it is lifted.', example: exampleInstant })
  readonly endsAt: string;

  @ApiProperty({ description: 'Who began or lifted it; `clock` where its time was over.', example: 'operator:carol' })
  readonly actor: string;

  @ApiProperty({ example: 'telephone call' })
  readonly reason: string;

  @ApiProperty({ format: 'date-time', example: exampleInstant })
  readonly at: string;
}

export class FreezeEvent extends Event {
  @ApiProperty({ enum: ['freeze.begun', 'freeze.ended'] })
  readonly type: 'freeze.begun' | 'freeze.ended';

  @ApiProperty()
  readonly data: FreezeEventData;
}

export class TestEventData {
  @ApiProperty({ example: 'acme' })
  readonly tenant: string;

  @ApiProperty({ format: 'uuid', description: 'The endpoint that it is sent to.' })
  readonly endpoint: string;
}

/** Tells of nothing: it was asked for, to see whether events arrive. */
export class TestEvent extends Event {
  @ApiProperty({ enum: ['endpoint.test'] })
  readonly type: 'endpoint.test';

  @ApiProperty()
  readonly data: TestEventData;
}
