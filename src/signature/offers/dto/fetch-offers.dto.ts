import { ApiPropertyOptional } from '@nestjs/swagger';
import { Field, MayBeEmpty } from '../../dto/field';

const longestWaitSeconds = 60;

export class FetchOffers {
  /** How long to wait for something new, in seconds. */
  @MayBeEmpty('wait')
  @Field('wait', (value) =>
    typeof value === 'string' && /^\d{1,3}$/.test(value) && Number(value) <= longestWaitSeconds
      ? undefined
      : `must be a whole number of seconds, at most ${longestWaitSeconds}`,
  )
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: longestWaitSeconds, default: 0, example: 25 })
  wait?: string;
}
