import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Audited } from '../accounts/operators/authorization';
import { admin } from '../accounts/operators/operator.strategies';
import { Authenticate } from '../platform/auth/authenticate';
import { AnswersAsked, AnswersListed, type Page } from './admin.answers';
import { ApprovalQuery, ApprovalsQuery, ListedApproval, ApprovalDetail } from './approvals.dto';
import { nextOf } from './approvals.position';
import { ApprovalsService } from './approvals.service';
import { approvalId } from './input';

const listed = {
  tenant: 'acme',
  kind: 'otp',
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  state: 'pending',
  begunAt: '2025-01-15T10:30:00.000Z',
  begunBy: 'tenant:backend',
  endedAt: null,
  endedBy: null,
  expiresAt: '2025-01-15T10:40:00.000Z',
  facts: {
    scope: 'otp_signin',
    scopeId: null,
    method: 'email',
    recipient: 'a•••@example.com',
    attempts: 0,
    maxAttempts: 5,
    resends: 0,
  },
};

const shown = {
  ...listed,
  next: [
    { transition: 'verify', to: 'verified', by: 'call', at: null },
    { transition: 'cancel', to: 'cancelled', by: 'call', at: null },
    { transition: 'lapse', to: 'expired', by: 'time', at: listed.expiresAt },
  ],
  timeline: [
    {
      seq: 1,
      move: 'begin',
      from: null,
      to: 'pending',
      actor: listed.begunBy,
      at: '2025-01-15T10:30:00.000000Z',
      requestId: 'req-12345',
      reason: null,
      hash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
      previousHash: null,
      hashVersion: 3,
    },
  ],
  chain: { intact: true, brokenAt: null },
  deliveries: [
    {
      id: '8a4f2c86-6a39-4f0c-9d0e-3f6f2f1f0a11',
      channel: 'otp-message',
      state: 'delivered',
      attempts: 1,
      lastError: null,
      createdAt: '2025-01-15T10:30:00.010Z',
      nextAttemptAt: null,
      endedAt: '2025-01-15T10:30:00.250Z',
    },
  ],
};

@Controller('admin/v1/approvals')
@Authenticate(admin)
@ApiTags('Approvals')
export class ApprovalsController {
  constructor(private readonly approvals: ApprovalsService) {}

  @Get()
  @Audited()
  @ApiOperation({
    summary: 'Find the approvals of a tenant, of all kinds, the newest first',
    description: [
      'At most one of `userId`, `recipient`, `signer`, `relyingParty`, `client`, `deviceId` and `endedBy` is given, together',
      'with any of the others. The first three find all of a person, whichever the person is named by. A kind that has no such',
      'filter, or no such state, has none to find. States are those of the moment: what is past its time is shown as timed out.',
    ].join('\n'),
  })
  @AnswersListed(
    ListedApproval,
    listed,
    nextOf({ begunAt: '2025-01-15T10:30:00.000000Z', id: listed.id, kind: 'otp' }),
    [],
    {
      kind: 'invalid-input',
      faults: [
        { field: 'client', problem: 'there is no index over client and userId: give one of userId, recipient, …' },
      ],
    },
  )
  list(@Query() query: ApprovalsQuery): Promise<Page<ListedApproval>> {
    return this.approvals.list(query);
  }

  @Get(':kind/:id')
  @Audited()
  @ApiOperation({ summary: 'Show an approval: its history, its deliveries, and what may become of it' })
  @AnswersAsked(ApprovalDetail, shown, ['NOT_FOUND'])
  get(
    @Param('kind') kind: string,
    @Param('id', approvalId) id: string,
    @Query() { tenant }: ApprovalQuery,
  ): Promise<ApprovalDetail> {
    return this.approvals.get(tenant, kind, id);
  }
}
