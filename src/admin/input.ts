import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Length, Matches } from 'class-validator';

/** What administration names things by, save users. */
export const slugPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
export const userIdPattern = /^[\w.@+-]{1,128}$/;

/** A name that stands in addresses and tokens. */
export const Slug = (example: string) =>
  applyDecorators(
    Matches(slugPattern, { message: '$property must be 1 to 63 of a-z, 0-9 and -, and not begin with -' }),
    ApiProperty({ pattern: slugPattern.source, example }),
  );

/** Words for people. */
export const Label = (example: string) => applyDecorators(...text(200), ApiProperty({ maxLength: 200, example }));

export const OptionalLabel = (example: string) =>
  applyDecorators(IsOptional(), ...text(200), ApiPropertyOptional({ maxLength: 200, example }));

/** A URL; what may be called is judged where it is registered. */
export const OptionalUrl = (example: string) =>
  applyDecorators(IsOptional(), ...text(2_048), ApiPropertyOptional({ format: 'uri', maxLength: 2_048, example }));

/** PostgreSQL keeps no NUL. */
const text = (max: number) => [
  Length(1, max, { message: '$property must be text of $constraint1 to $constraint2 characters' }),
  Matches(/^[^\0]*$/, { message: '$property must not hold a NUL' }),
];
