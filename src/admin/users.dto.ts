import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Length, Matches } from 'class-validator';
import { type IdentifierKind } from '../accounts/people/identifiers';
import { OptionalLabel, userIdPattern } from './input';

const Identifier = (example: string, description: string, nullable = false) =>
  applyDecorators(
    IsOptional(),
    Length(1, 320, { message: '$property must be text of $constraint1 to $constraint2 characters' }),
    ApiPropertyOptional({ type: String, maxLength: 320, nullable, example, description }),
  );

const described = {
  email: 'Compared in lower case.',
  telephone: 'With its country code.',
  signer: 'The id by which the person is identified when they sign.',
} as const satisfies Record<IdentifierKind, string>;

export class CreateUser {
  @Matches(userIdPattern, { message: '$property must be 1 to 128 letters, digits or any of _ . @ + -' })
  @ApiProperty({ pattern: userIdPattern.source, example: 'alice@acme.example' })
  userId: string;

  @OptionalLabel('Alice')
  displayName?: string | null;

  @Identifier('alice@example.com', described.email)
  email?: string;

  @Identifier('+6591234567', described.telephone)
  telephone?: string;

  @Identifier('S1234567D', described.signer)
  signer?: string;
}

/** What is left out stays as it is; null takes it away. */
export class ChangeUser {
  @OptionalLabel('Alice Tan')
  displayName?: string | null;

  @Identifier('alice@example.com', described.email, true)
  email?: string | null;

  @Identifier('+6591234567', described.telephone, true)
  telephone?: string | null;

  @Identifier('S1234567D', described.signer, true)
  signer?: string | null;
}

/** A user as administrators see it. */
export class ShownUser {
  @ApiProperty()
  tenantId: string;

  @ApiProperty({ example: 'alice@acme.example' })
  userId: string;

  @ApiProperty({ type: String, nullable: true })
  displayName: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'a•••@example.com', description: 'Masked.' })
  email: string | null;

  @ApiProperty({ type: String, nullable: true, example: '•••4567', description: 'Masked.' })
  telephone: string | null;

  @ApiProperty({ type: String, nullable: true, example: '•••567D', description: 'Masked.' })
  signer: string | null;

  @ApiProperty()
  createdAt: Date;
}

/** Shown once to the operator, who passes it to the user. */
export class ActivationCode {
  @ApiProperty()
  activationCode: string;

  @ApiProperty()
  expiresAt: Date;
}
