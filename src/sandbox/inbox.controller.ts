import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  Controller,
  Get,
  Query,
  UseGuards,
} from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, Length } from 'class-validator';
import { type Request } from 'express';
import { type Failure } from '../platform/envelope/failure';
import { problemErrorFormat, ProblemRefusal } from '../platform/envelope/problem.error-format';
import { isFromThisMachine } from '../platform/http/request';
import { type Settings, SETTINGS } from '../platform/settings/settings';
import { Public } from '../platform/auth/authenticate';
import { Inbox, type InboxMessage } from '../messages/inbox';
import { Answers } from '../platform/openapi/answers';

class InboxIsLocal extends ProblemRefusal {
  readonly code = 'INBOX_IS_LOCAL';

  constructor() {
    super({
      status: 403,
      message: 'The inbox is shown on the server’s own machine only; SANDBOX_INBOX_REMOTE=true opens it to all.',
    });
  }
}

/** Codes are shown to callers on the server's own machine, unless the settings open the inbox. */
@Injectable()
class LocalOnlyGuard implements CanActivate {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** @throws InboxIsLocal when the caller is elsewhere */
  canActivate(context: ExecutionContext): boolean {
    if (this.settings.sandboxInboxRemote || isFromThisMachine(context.switchToHttp().getRequest<Request>()))
      return true;
    throw new InboxIsLocal();
  }
}

class FindMessages {
  /** An e-mail address, or a telephone number in E.164; without it, all messages. */
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
