import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, Length } from 'class-validator';
import { Public } from '../../platform/auth/authenticate';
import { type Failure } from '../../platform/envelope/failure';
import { problemErrorFormat } from '../../platform/envelope/problem.error-format';
import { Inbox, type InboxMessage } from '../../messages/inbox';
import { Answers } from '../../platform/openapi/answers';
import { InboxIsLocal, LocalOnlyGuard } from './local-only.guard';

class FindMessages {
  /** An e-mail address, or a telephone number in E.164; without it, everybody's messages. */
  @IsOptional()
  @Length(1, 320)
  @ApiPropertyOptional({ example: 'alice@example.com' })
  recipient?: string;
}

class SandboxMessage implements Omit<InboxMessage, 'approvalId'> {
  @ApiProperty()
  otpId: string;

  @ApiProperty({ description: 'An e-mail address, or a telephone number in E.164.' })
  recipient: string;

  @ApiProperty({ enum: ['email', 'sms'] })
  method: InboxMessage['method'];

  @ApiProperty()
  code: string;

  @ApiProperty()
  text: string;

  @ApiProperty({ format: 'date-time' })
  at: string;
}

class SandboxInbox {
  @ApiProperty({ type: [SandboxMessage] })
  messages: SandboxMessage[];
}

const exampleMessage: SandboxMessage = {
  otpId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  recipient: 'alice@example.com',
  method: 'email',
  code: '314159',
  text: '314159 is your code to reset your password.',
  at: '2025-01-15T10:30:00.000Z',
};

const badRecipient: Failure = {
  kind: 'invalid-input',
  faults: [{ field: 'recipient', problem: 'recipient must be shorter than or equal to 320 characters' }],
};

/** What would have been sent to people. */
@Controller('sandbox/inbox')
@Public()
@UseGuards(LocalOnlyGuard)
@ApiTags('Sandbox')
export class InboxController {
  constructor(private readonly inbox: Inbox) {}

  @Get()
  @ApiOperation({ summary: 'Messages that would have been sent, newest first' })
  @Answers(
    problemErrorFormat,
    { status: 200, body: SandboxInbox, examples: { found: { messages: [exampleMessage] } } },
    [badRecipient, new InboxIsLocal()],
  )
  async list(@Query() { recipient }: FindMessages): Promise<SandboxInbox> {
    // In a query an unescaped plus is a space, and a telephone number begins with a plus.
    const messages = await this.inbox.list(recipient?.replace(/^ /, '+'));
    return { messages: messages.map(({ approvalId, ...message }) => ({ otpId: approvalId, ...message })) };
  }
}
