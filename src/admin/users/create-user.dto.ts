import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { OptionalLabel, userIdPattern } from '../input';

export class CreateUser {
  @Matches(userIdPattern, { message: '$property must be 1 to 128 letters, digits or any of _ . @ + -' })
  @ApiProperty({ pattern: userIdPattern.source, example: 'alice@acme.example' })
  userId: string;

  @OptionalLabel('Alice')
  displayName?: string;
}
