import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';

/** Which part of a list is asked for. */
export class PageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 500, default: 100 })
  limit = 100;

  /** Where the page before this one ended: its `next`. */
  @IsOptional()
  @Matches(/^[^\0]{1,128}$/, { message: 'after must be the next of the page before' })
  @ApiPropertyOptional()
  after?: string;
}

/** The same of a list whose ids are UUIDs. */
export class UuidPageQuery extends PageQuery {
  @IsUUID(undefined, { message: 'after must be the next of the page before' })
  declare after?: string;
}

/** One part of a list, in the order of its ids. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** What to ask for `after` this page; null on the last one. */
  readonly next: string | null;
}
