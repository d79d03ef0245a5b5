import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min, ValidateIf } from 'class-validator';

/** What need not be set. Null is not the same as leaving it out, and refused. */
export const Optional = () => ValidateIf((_, value) => value !== undefined);

/** A whole number within bounds, with what it is when nothing is set. */
export const Setting = (bounds: { minimum: number; maximum: number; default: number }) =>
  applyDecorators(
    Optional(),
    IsInt(),
    Min(bounds.minimum),
    Max(bounds.maximum),
    ApiPropertyOptional({ type: 'integer', ...bounds }),
  );
