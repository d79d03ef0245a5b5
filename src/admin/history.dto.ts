import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Matches, IsInt, IsOptional, Max, Min } from 'class-validator';
import { approvalIdPattern, Slug } from './input';
import { type HistoryRow } from '../approvals/history';
import { Type } from 'class-transformer';
import { PageQuery } from './admin.answers';
import { type Checkpoint } from '../approvals/checkpoints/checkpoint';

export class HistoryQuery {
  /** A sign request's id, a transaction's, or an OTP's. */
  @Matches(approvalIdPattern, { message: '$property must be the id of an approval' })
  @ApiProperty({ example: '01ARZ3NDEKTSV4RRFFQ69G5FAV' })
  approval: string;

  /** What it is: `sign_request`, `signature` or `otp`. */
  @Matches(/^[a-z_]{1,32}$/, { message: '$property must be a kind of approval, such as sign_request' })
  @ApiProperty({ example: 'sign_request' })
  kind: string;

  @Slug('acme')
  tenant: string;
}

export class ShownHistoryRow implements HistoryRow {
  @ApiProperty({ type: 'integer', minimum: 1 })
  seq: number;

  @ApiProperty({ example: 'cancel' })
  move: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null at the beginning.' })
  from: string | null;

  @ApiProperty()
  to: string;

  @ApiProperty({ example: 'tenant:backend' })
  actor: string;

  @ApiProperty({ format: 'date-time', description: 'UTC to the microsecond, as it was hashed.' })
  at: string;

  @ApiProperty({ type: String, nullable: true })
  requestId: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it was recalled; null of any other transition.' })
  reason: string | null;

  @ApiProperty({ pattern: '^[0-9a-f]{64}$' })
  hash: string;

  @ApiProperty({ type: String, nullable: true, pattern: '^[0-9a-f]{64}$', description: 'Null at the beginning.' })
  previousHash: string | null;

  @ApiProperty({
    type: 'integer',
    enum: [1, 2, 3],
    description: 'By version 2 it was hashed without `reason`, by version 1 without the approval’s kind too.',
  })
  hashVersion: 1 | 2 | 3;
}

export class ApprovalHistory {
  @ApiProperty()
  approval: string;

  @ApiProperty({ example: 'otp', description: 'Which API’s approval it is.' })
  kind: string;

  @ApiProperty({ type: [ShownHistoryRow] })
  rows: readonly ShownHistoryRow[];
}

/** The number of a checkpoint. */
const maxNumber = 1_000_000_000_000;

export class CheckpointPageQuery extends PageQuery {
  @IsOptional()
  @Matches(/^\d{1,12}$/, { message: 'after must be the next of the page before' })
  @ApiPropertyOptional()
  declare after?: string;
}

export class ConsistencyQuery {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(maxNumber)
  @ApiProperty({ type: Number, minimum: 1, example: 1 })
  first: number;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(maxNumber)
  @ApiProperty({ type: Number, minimum: 1, example: 2 })
  second: number;
}

export class InclusionQuery extends HistoryQuery {
  /** The checkpoint's number; the newest where there is none. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(maxNumber)
  @ApiPropertyOptional({ type: Number, minimum: 1 })
  checkpoint?: number;
}

const hashPattern = '^[0-9a-f]{64}$';

export class ShownCheckpoint implements Checkpoint {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Without a gap.' })
  number: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many rows of history and audit there were.' })
  size: number;

  @ApiProperty({ pattern: hashPattern, description: 'Of the Merkle tree over them (RFC 6962).' })
  root: string;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null until a database that had a history is counted through.',
  })
  completeUntil: string | null;

  @ApiProperty({ type: String, pattern: hashPattern, nullable: true, description: 'Null in the first.' })
  previousHash: string | null;

  @ApiProperty()
  kid: string;

  @ApiProperty({ description: 'Ed25519, in base64url.' })
  signature: string;
}

export class CheckpointKeyJwk {
  @ApiProperty({ enum: ['OKP'] })
  kty: string;

  @ApiProperty({ enum: ['Ed25519'] })
  crv: string;

  @ApiProperty()
  x: string;

  @ApiProperty()
  kid: string;

  @ApiProperty({ enum: ['sig'] })
  use: string;

  @ApiProperty({ enum: ['EdDSA'] })
  alg: string;
}

/** That the first checkpoint's tree is the beginning of the second's. Hashes are hexadecimal. */
export class Consistency {
  @ApiProperty()
  first: ShownCheckpoint;

  @ApiProperty()
  second: ShownCheckpoint;

  @ApiProperty({ type: [String], pattern: hashPattern })
  path: readonly string[];
}

export class IncludedRow {
  @ApiProperty({ type: 'integer', minimum: 1 })
  seq: number;

  @ApiProperty({ pattern: hashPattern })
  leafHash: string;

  @ApiProperty({ type: 'integer', minimum: 0 })
  leafIndex: number;

  @ApiProperty({ type: [String], pattern: hashPattern })
  path: readonly string[];
}

/** That rows of history are among those of a checkpoint. */
export class Inclusion {
  @ApiProperty()
  checkpoint: ShownCheckpoint;

  @ApiProperty({ type: [IncludedRow] })
  rows: readonly IncludedRow[];
}
