import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { Slug } from '../input';

export class HistoryQuery {
  /** A sign request's id, a transaction's, or an OTP's. */
  @Matches(/^[^\0]{1,256}$/, { message: '$property must be the id of an approval' })
  @ApiProperty({ example: '01ARZ3NDEKTSV4RRFFQ69G5FAV' })
  approval: string;

  /** What it is: `sign_request`, `signature` or `otp`. */
  @Matches(/^[a-z_]{1,32}$/, { message: '$property must be a kind of approval, such as sign_request' })
  @ApiProperty({ example: 'sign_request' })
  kind: string;

  @Slug('acme')
  tenant: string;
}
