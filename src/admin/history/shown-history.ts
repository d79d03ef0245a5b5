import { ApiProperty } from '@nestjs/swagger';
import { type HistoryRow } from '../../approvals/history';

class ShownHistoryRow implements HistoryRow {
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

  @ApiProperty({ pattern: '^[0-9a-f]{64}$' })
  hash: string;

  @ApiProperty({ type: String, nullable: true, pattern: '^[0-9a-f]{64}$', description: 'Null at the beginning.' })
  previousHash: string | null;

  @ApiProperty({
    type: 'integer',
    enum: [1, 2],
    description: 'By version 1 it was hashed without the approval’s kind.',
  })
  hashVersion: 1 | 2;
}

export class ApprovalHistory {
  @ApiProperty()
  approval: string;

  @ApiProperty({ example: 'otp', description: 'Which API’s approval it is.' })
  kind: string;

  @ApiProperty({ type: [ShownHistoryRow] })
  rows: readonly ShownHistoryRow[];
}
