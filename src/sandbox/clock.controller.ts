import { Injectable, Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiProperty, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { ApprovalsClock } from '../approvals/approvals-clock';
import { Public } from '../platform/auth/authenticate';
import { AcceptsJson } from '../platform/http/body';
import { SandboxAnswers } from './sandbox.answers';

const weekSeconds = 7 * 24 * 3600;
const message = `$property must be a whole number of seconds from 0 to ${weekSeconds}`;

class MoveClock {
  /** How far the approvals' clock is to be ahead of the real one, in seconds; 0 puts it right again. */
  @IsInt({ message })
  @Min(0, { message })
  @Max(weekSeconds, { message })
  @ApiProperty({ minimum: 0, maximum: weekSeconds, example: 0 })
  offsetSeconds: number;
}

class MovedClock {
  @ApiProperty({ type: 'integer', minimum: 0 })
  offsetSeconds: number;

  @ApiProperty({ description: 'What approvals take for the present.' })
  now: Date;
}

/** Moves the approvals' notion of now, on all nodes: their lifetimes and intervals, not tokens or rate limits. */
@Injectable()
export class ClockService {
  constructor(private readonly clock: ApprovalsClock) {}

  async move({ offsetSeconds }: MoveClock): Promise<MovedClock> {
    return { offsetSeconds, now: await this.clock.move(offsetSeconds) };
  }
}

@Controller('sandbox/clock')
@Public()
@ApiTags('Sandbox')
export class ClockController {
  constructor(private readonly clock: ClockService) {}

  @Post()
  @HttpCode(200)
  @AcceptsJson()
  @ApiOperation({
    summary: 'Set how far the approvals’ clock is ahead, so that expiry can be tried without waiting',
    description:
      'What is over by the time before or after is written down and called back at once, and stays over when the clock is moved back.',
  })
  @SandboxAnswers(
    { status: 200, body: MovedClock, example: { offsetSeconds: 600, now: '2025-01-15T10:40:00.000Z' } },
    'offsetSeconds',
    'offsetSeconds must be a whole number of seconds from 0 to 604800',
  )
  move(@Body() input: MoveClock): Promise<MovedClock> {
    return this.clock.move(input);
  }
}
