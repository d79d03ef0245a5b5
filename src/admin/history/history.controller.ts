import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticate } from '../../platform/auth/authenticate';
import { AnswersAsked } from '../admin.answers';
import { HistoryQuery } from './history.query';
import { HistoryService } from './history.service';
import { ApprovalHistory } from './shown-history';
import { admin } from '../../accounts/tokens/admin.strategy';

const begin = {
  seq: 1,
  move: 'begin',
  from: null,
  to: 'pending',
  actor: 'tenant:backend',
  at: '2025-01-15T10:30:00.000000Z',
  requestId: 'req-12345',
  hash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
  previousHash: null,
  hashVersion: 2,
};

const cancel = {
  ...begin,
  seq: 2,
  move: 'cancel',
  from: 'pending',
  to: 'cancelled',
  at: '2025-01-15T10:31:00.000000Z',
  hash: '7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730',
  previousHash: begin.hash,
};

@Controller('admin/v1/history')
@Authenticate(admin)
@ApiTags('History')
export class HistoryController {
  constructor(private readonly history: HistoryService) {}

  @Get()
  @ApiOperation({
    summary: 'Tell what became of an approval',
    description: [
      'Each row carries the hash of the one before it. The hash is SHA-256 over `kind`, `previousHash`, tenant, approval,',
      '`seq`, `move`, `from`, `to`, `actor`, `at` and `requestId`, joined by line feeds, with an empty line for what is',
      'null. Rows of `hashVersion` 1 were hashed without `kind`.',
    ].join('\n'),
  })
  @AnswersAsked(ApprovalHistory, { approval: '01ARZ3NDEKTSV4RRFFQ69G5FAV', kind: 'otp', rows: [begin, cancel] }, [
    'NOT_FOUND',
  ])
  of(@Query() query: HistoryQuery): Promise<ApprovalHistory> {
    return this.history.of(query);
  }
}
