import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { PageQuery } from '../page';
import { HistoryQuery } from './history.query';

/** The number of a checkpoint. */
const maxNumber = 1_000_000_000_000;

export class CheckpointPageQuery extends PageQuery {
  @IsOptional()
  @Matches(/^\d{1,12}$/, { message: 'after must be the next of the page before' })
  @ApiPropertyOptional()
  declare after?: string;
}

export class ConsistencyQuery {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(maxNumber)
  @ApiProperty({ type: Number, minimum: 1, example: 1 })
  first: number;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(maxNumber)
  @ApiProperty({ type: Number, minimum: 1, example: 2 })
  second: number;
}

export class InclusionQuery extends HistoryQuery {
  /** The checkpoint's number; the newest where there is none. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(maxNumber)
  @ApiPropertyOptional({ type: Number, minimum: 1 })
  checkpoint?: number;
}
