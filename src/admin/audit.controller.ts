import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Audited, RequiresRole } from '../accounts/operators/authorization';
import { type Operator } from '../accounts/operators/operator';
import { admin } from '../accounts/operators/operator.strategies';
import { Authenticate, CurrentPrincipal } from '../platform/auth/authenticate';
import { AnswersListed, type Page } from './admin.answers';
import { AuditedCall, AuditPageQuery, AuditService } from './audit.service';

const begun = {
  seq: 1,
  at: '2025-01-15T10:30:00.000000Z',
  target: '{"userId":"alice"}',
  status: null,
  hash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
  previousHash: null,
};

const example = {
  id: '0b2e7a1c-5f0e-4a55-9d0a-3f6f0c1d2e3b',
  at: begun.at,
  actor: 'key:help-desk',
  role: 'admin',
  address: '203.0.113.7',
  method: 'DELETE',
  route: '/admin/v1/tenants/:tenantId/users/:userId',
  tenant: 'acme',
  target: { userId: 'alice' },
  status: 204,
  requestId: 'req-12345',
  rows: [
    begun,
    {
      ...begun,
      seq: 2,
      at: '2025-01-15T10:30:00.012345Z',
      status: 204,
      hash: '7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730',
      previousHash: begun.hash,
    },
  ],
};

@Controller('admin/v1/audit')
@Authenticate(admin)
@ApiTags('Audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @RequiresRole('viewer', { narrows: true })
  @Audited()
  @ApiOperation({
    summary: 'List what operators did, the newest first',
    description: [
      'Every call that changes something, or looks up people or what became of approvals, refused ones too: one row before it',
      'changes anything, and one with what it was answered. Calls of no tenant are shown to an `admin` of all tenants.',
      'The hash of a row is SHA-256 over `admin_call`, `previousHash`, tenant, id of the call, `seq`, method, route, `target`,',
      '`status`, actor, role, address, `at` and request id, joined by line feeds, with an empty line for what is null. The rows',
      'are leaves of the tree whose root the checkpoints of history sign.',
    ].join('\n'),
  })
  @AnswersListed(AuditedCall, example, example.id, [])
  list(@Query() query: AuditPageQuery, @CurrentPrincipal() operator: Operator): Promise<Page<AuditedCall>> {
    return this.audit.list(query, operator);
  }
}
