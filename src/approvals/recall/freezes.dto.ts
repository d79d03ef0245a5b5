import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBooleanString, IsOptional } from 'class-validator';
import { type Freeze } from '../freezes';
import { ListRecalls } from './recall.dto';

export class ListFreezes extends ListRecalls {
  /** Only those in force. */
  @IsOptional()
  @IsBooleanString({ message: 'inForce must be true or false' })
  @ApiPropertyOptional({ enum: ['true', 'false'], default: 'false' })
  inForce?: string;
}

/** A freeze as operators see it. */
export class ShownFreezeRow {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ example: 'demo' })
  tenant: string;

  @ApiProperty({ type: [String], description: 'The kinds of what is frozen; ids only of what is no identifier.' })
  subjects: readonly string[];

  @ApiProperty()
  reason: string;

  @ApiProperty({ example: 'key:help-desk' })
  actor: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  recall: string | null;

  @ApiProperty()
  begunAt: Date;

  @ApiProperty()
  endsAt: Date;

  @ApiProperty({ type: Date, nullable: true, description: 'Null while it is in force.' })
  endedAt: Date | null;

  @ApiProperty({ type: String, nullable: true, description: '`clock` where its time was over.' })
  endedBy: string | null;
}

export class FreezePage {
  @ApiProperty({ type: [ShownFreezeRow], description: 'Newest first.' })
  items: readonly ShownFreezeRow[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What to ask for `after` this page; null on the last one.',
  })
  next: string | null;
}

/** A hash of a person's identifier is not shown. */
export function shownFreeze({ tenantId, subjects, recallId, ...freeze }: Freeze): ShownFreezeRow {
  const shown = subjects.map((subject) => subject.replace(/^(email|telephone|signer):.*$/, '$1'));
  const { id, reason, actor, begunAt, endsAt, endedAt, endedBy } = freeze;
  return { id, tenant: tenantId, subjects: shown, reason, actor, recall: recallId, begunAt, endsAt, endedAt, endedBy };
}
