import { type Type } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type as Typed } from 'class-transformer';
import { IsInt, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';

/** Which part of a list is asked for. */
export class PageQuery {
  @IsOptional()
  @Typed(() => Number)
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

/** Describes a page of such items; its name is the item's with `Page`. */
export function pageOf<Item>(item: Type<Item>): Type<Page<Item>> {
  class Items implements Page<Item> {
    @ApiProperty({ type: [item] })
    items: readonly Item[];

    @ApiProperty({
      type: String,
      nullable: true,
      description: 'What to ask for `after` this page; null on the last one.',
    })
    next: string | null;
  }
  Object.defineProperty(Items, 'name', { value: `${item.name}Page` });
  return Items;
}

/** One part of a list, in the order of its ids. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** What to ask for `after` this page; null on the last one. */
  readonly next: string | null;
}
