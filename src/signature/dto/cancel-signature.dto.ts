import { ApiProperty } from '@nestjs/swagger';
import { DeviceIdsField, deviceIdsSchema, TextField } from './field';

/** Which transaction is called back, and from which devices. Source: Cancel Signature, "Request body". */
export class CancelSignature {
  /** The user's devices it is cancelled on, or `-1` for all of them; a single one may also be a plain string. */
  @DeviceIdsField()
  @ApiProperty({ ...deviceIdsSchema, example: ['-1'] })
  deviceId: string[];

  /** What the transaction was started with. */
  @TextField(256)
  @ApiProperty({ example: 'demo' })
  transactionId: string;
}
