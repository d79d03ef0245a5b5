import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/auth/authenticate';
import { AcceptsJson } from '../../platform/http/body';
import { SandboxAnswers } from '../sandbox.answers';
import { ClockService, MovedClock } from './clock.service';
import { MoveClock } from './move-clock.dto';

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
