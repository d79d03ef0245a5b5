import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, Length } from 'class-validator';
import { Public } from '../../platform/auth/authenticate';
import { problemDialect } from '../../platform/envelope/problem.dialect';
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

type SandboxMessage = Omit<InboxMessage, 'approvalId'> & { readonly otpId: string };

const exampleMessage: SandboxMessage = {
  otpId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  recipient: 'alice@example.com',
  method: 'email',
  code: '314159',
  text: '314159 is your code to reset your password.',
  at: '2025-01-15T10:30:00.000Z',
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
  @Answers(problemDialect, { 200: { found: { messages: [exampleMessage] } } }, [new InboxIsLocal()])
  async list(@Query() { recipient }: FindMessages): Promise<{ messages: SandboxMessage[] }> {
    // In a query an unescaped plus is a space, and a telephone number begins with a plus.
    const messages = await this.inbox.list(recipient?.replace(/^ /, '+'));
    return { messages: messages.map(({ approvalId, ...message }) => ({ otpId: approvalId, ...message })) };
  }
}
