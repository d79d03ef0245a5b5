import { ApiProperty } from '@nestjs/swagger';
import { type Checkpoint } from '../../approvals/checkpoints/checkpoint';

const hashPattern = '^[0-9a-f]{64}$';

export class ShownCheckpoint implements Checkpoint {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Without a gap.' })
  number: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many rows of history there were.' })
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
