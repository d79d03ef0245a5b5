import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Length, Matches } from 'class-validator';
import { Optional } from './setting';

const withCode =
  (max: number): PropertyDecorator =>
  (target, property) => {
    Length(1, max)(target, property);
    Matches(/\{code\}/, { message: `${String(property)} must hold {code}` })(target, property);
    Matches(/^[^\0]*$/, { message: `${String(property)} must not hold a NUL` })(target, property);
  };

/** A tenant's words in one language. `{code}`, `{purpose}` and `{minutes}` are filled in; what is left out is ours. */
export class OtpTemplate {
  /** A language tag in lower case, such as `de` or `de-ch`. */
  @Matches(/^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/)
  @ApiProperty({ example: 'de-ch' })
  locale: string;

  /** Of an e-mail; one line. */
  @Optional()
  @Length(1, 200)
  @Matches(/^[^\r\n\0]*$/, { message: 'subject must be one line' })
  @ApiPropertyOptional({ example: 'Ihr Code' })
  subject?: string;

  @Optional()
  @withCode(5_000)
  @ApiPropertyOptional({ example: 'Mit {code} können Sie {purpose}. Gültig für {minutes} min.' })
  email?: string;

  @Optional()
  @withCode(500)
  @ApiPropertyOptional({ example: '{code} ({minutes} min)' })
  sms?: string;
}
