import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Audited } from '../accounts/operators/authorization';
import { Authenticate } from '../platform/auth/authenticate';
import { AnswersAsked, AnswersFound, AnswersListed, type Page } from './admin.answers';
import {
  HistoryQuery,
  ApprovalHistory,
  CheckpointPageQuery,
  ConsistencyQuery,
  InclusionQuery,
  CheckpointKeyJwk,
  Consistency,
  Inclusion,
  ShownCheckpoint,
} from './history.dto';
import { HistoryService, CheckpointProofsService } from './history.service';
import { admin } from '../accounts/operators/operator.strategies';

const begin = {
  seq: 1,
  move: 'begin',
  from: null,
  to: 'pending',
  actor: 'tenant:backend',
  at: '2025-01-15T10:30:00.000000Z',
  requestId: 'req-12345',
  reason: null,
  hash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
  previousHash: null,
  hashVersion: 3,
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
  @Audited()
  @ApiOperation({
    summary: 'Get the history of an approval',
    description: [
      'Each row carries the hash of the one before it. The hash is SHA-256 over `kind`, `previousHash`, tenant, approval,',
      '`seq`, `move`, `from`, `to`, `actor`, `at`, `requestId` and `reason`, joined by line feeds, with an empty line',
      'for what is null. Rows of `hashVersion` 2 were hashed without `reason`, those of 1 without `kind` too.',
    ].join('\n'),
  })
  @AnswersAsked(ApprovalHistory, { approval: '01ARZ3NDEKTSV4RRFFQ69G5FAV', kind: 'otp', rows: [begin, cancel] }, [
    'NOT_FOUND',
  ])
  of(@Query() query: HistoryQuery): Promise<ApprovalHistory> {
    return this.history.of(query);
  }
}

const hashes = [
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
] as const;

const first = {
  number: 1,
  size: 2,
  root: hashes[0],
  at: '2025-01-15T10:31:00.125Z',
  completeUntil: '2025-01-15T10:30:00.125Z',
  previousHash: null,
  kid: '3f0c1d2e-3b5f-4a55-9d0a-0b2e7a1c5f0e',
  signature: 'mVYx1MkJcSIR-3S2hRZd4mJ0KQbS6f2v0pWb0r0mE0l1Zr0pDq2b4mRZk3mYb0m0Ry2H7Uu7xT0pQzI3rQd1Bg',
};

const second = {
  ...first,
  number: 2,
  size: 4,
  root: 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  at: '2025-01-15T10:32:00.250Z',
  completeUntil: '2025-01-15T10:31:00.250Z',
  previousHash: '9bcd51240af4005168f033121ba85be5a6ed4f0e6a5fac262066729b8fbfdecb',
};

const key = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  kid: first.kid,
  use: 'sig',
  alg: 'EdDSA',
};

const row = {
  seq: 1,
  leafHash: '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  leafIndex: 1,
  path: hashes,
};

@Controller('admin/v1/history')
@Authenticate(admin)
@ApiTags('History')
export class CheckpointsController {
  constructor(private readonly proofs: CheckpointProofsService) {}

  @Get('checkpoints')
  @ApiOperation({
    summary: 'List what was signed of all history and audit',
    description: [
      'Each minute: the root of the Merkle tree (RFC 6962) over all rows of history and audit, signed with Ed25519. Signed are these',
      'lines, joined by line feeds, with an empty line for what is null: `rescind history checkpoint`, `number`, `size`,',
      '`root`, `at`, `completeUntil`, `previousHash`, `kid`. `previousHash` is SHA-256 of what the checkpoint before signed.',
      'Rows from before `completeUntil` are all among the `size` rows.',
    ].join('\n'),
  })
  @AnswersListed(ShownCheckpoint, second, '2', [])
  list(@Query() query: CheckpointPageQuery): Promise<Page<ShownCheckpoint>> {
    return this.proofs.list(query);
  }

  @Get('checkpoints/key')
  @ApiOperation({ summary: 'The public key that checkpoints are signed with, as a JWK (RFC 8037)' })
  @AnswersFound(CheckpointKeyJwk, key, [])
  key(): object {
    return this.proofs.publicKey();
  }

  @Get('checkpoints/consistency')
  @ApiOperation({
    summary: 'Prove that one checkpoint is the beginning of another',
    description: 'By RFC 6962, section 2.1.2: nothing that the first covers was changed or removed before the second.',
  })
  @AnswersAsked(Consistency, { first, second, path: [hashes[1]] }, ['CHECKPOINT_NOT_FOUND', 'CHECKPOINTS_REVERSED'])
  consistency(@Query() query: ConsistencyQuery): Promise<Consistency> {
    return this.proofs.consistency(query);
  }

  @Get('inclusion')
  @Audited()
  @ApiOperation({
    summary: 'Prove that what became of an approval is in a checkpoint',
    description: [
      'By RFC 6962, section 2.1.1, a path for each row of the approval, from the leaf up. The hash of a leaf is SHA-256 over',
      'a zero byte, the `kind`, a line feed and the row’s `hash`. Rows newer than the checkpoint are left out.',
    ].join('\n'),
  })
  @AnswersAsked(Inclusion, { checkpoint: second, rows: [row] }, ['NOT_FOUND', 'CHECKPOINT_NOT_FOUND'])
  inclusion(@Query() query: InclusionQuery): Promise<Inclusion> {
    return this.proofs.inclusion(query);
  }
}
