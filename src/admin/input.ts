import { applyDecorators, Injectable, type PipeTransform, Inject } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, isRFC3339, Length, Matches, ValidateBy, ValidateIf } from 'class-validator';
import { AdminRefusal } from './admin.answers';
import { Failed } from '../platform/envelope/failure';
import { checkTargetUrl, OutboundRefused } from '../platform/outbound/outbound-target';
import { type HttpUse, mayUseHttp } from '../platform/settings/production';
import { type Settings, SETTINGS } from '../platform/settings/settings';
import { InvalidJwks, type KeySet, parseJwks } from '../accounts/jwks/parse-jwks';

/** What administration names things by, save users. */
const slugPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
export const isSlug = (value: unknown): value is string => typeof value === 'string' && slugPattern.test(value);
export const userIdPattern = /^[\w.@+-]{1,128}$/;

/** A name that is part of addresses and tokens. */
export const Slug = (example: string) =>
  applyDecorators(
    Matches(slugPattern, { message: '$property must be 1 to 63 of a-z, 0-9 and -, and not begin with -' }),
    ApiProperty({ pattern: slugPattern.source, example }),
  );

export const OptionalSlug = (example: string) =>
  applyDecorators(
    IsOptional(),
    Matches(slugPattern, { message: '$property must be 1 to 63 of a-z, 0-9 and -, and not begin with -' }),
    ApiPropertyOptional({ pattern: slugPattern.source, example }),
  );

/** An instant in RFC 3339. */
export const OptionalInstant = (example: string) =>
  applyDecorators(
    IsOptional(),
    ValidateBy({
      name: 'isInstant',
      validator: {
        // Of a leap second there is no `Date`.
        validate: (value) => isRFC3339(value) && !Number.isNaN(Date.parse(value as string)),
        defaultMessage: () => `$property must be an instant, such as ${example}`,
      },
    }),
    ApiPropertyOptional({ type: String, format: 'date-time', example }),
  );

/** Words for people. */
export const Label = (example: string) => applyDecorators(...text(200), ApiProperty({ maxLength: 200, example }));

export const OptionalLabel = (example: string) =>
  applyDecorators(
    IsOptional(),
    ...text(200),
    ApiPropertyOptional({ type: String, nullable: true, maxLength: 200, example }),
  );

/** A URL; what may be called is judged where it is registered. */
export const Url = (example: string) =>
  applyDecorators(...text(2_048), ApiProperty({ format: 'uri', maxLength: 2_048, example }));

export const OptionalUrl = (example: string) =>
  applyDecorators(
    IsOptional(),
    ...text(2_048),
    ApiPropertyOptional({ type: String, nullable: true, format: 'uri', maxLength: 2_048, example }),
  );

/** May be left out, but not null: there is always one. */
export const ReplacingLabel = (example: string) =>
  applyDecorators(UnlessLeftOut(), ...text(200), ApiPropertyOptional({ maxLength: 200, example }));

/** The same of a URL. */
export const ReplacingUrl = (example: string) =>
  applyDecorators(UnlessLeftOut(), ...text(2_048), ApiPropertyOptional({ format: 'uri', maxLength: 2_048, example }));

/** When something that is made will be over. */
export const OptionalEnd = () =>
  applyDecorators(OptionalInstant('2030-01-15T10:30:00Z'), ApiPropertyOptional({ type: String, nullable: true }));

/** Checks what is given, null too. */
export const UnlessLeftOut = () => ValidateIf((_, value) => value !== undefined);

/** @throws Failed `invalid-input` when it would be over already */
export function readEnd(expiresAt: string | null | undefined): Date | null {
  const end = expiresAt ? new Date(expiresAt) : null;
  if (end !== null && end.getTime() <= Date.now()) throw invalid('expiresAt', 'expiresAt must be in the future');
  return end;
}

/** One field is wrong in itself, or does not go with the others. */
export const invalid = (field: string, problem: string) =>
  new Failed({ kind: 'invalid-input', faults: [{ field, problem }] });

/** PostgreSQL keeps no NUL. */
const text = (max: number) => [
  Length(1, max, { message: '$property must be text of $constraint1 to $constraint2 characters' }),
  Matches(/^[^\0]*$/, { message: '$property must not hold a NUL' }),
];

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** The id of an approval may be its caller's own. PostgreSQL keeps no NUL. */
export const approvalIdPattern = /^[^\0]{1,256}$/;
const patterns = { slug: slugPattern, user: userIdPattern, uuid, approval: approvalIdPattern };

/** An id in an address. What cannot be one is answered like one that does not exist. */
@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  constructor(private readonly kind: keyof typeof patterns) {}

  /** @throws AdminRefusal NOT_FOUND */
  transform(id: string): string {
    if (!patterns[this.kind].test(id)) throw new AdminRefusal('NOT_FOUND');
    return id;
  }
}

export const slugId = new IdPipe('slug');
export const userId = new IdPipe('user');
export const uuidId = new IdPipe('uuid');
export const approvalId = new IdPipe('approval');

/** Checks the addresses and keys that are registered: a bad one is refused with 400. */
@Injectable()
export class Targets {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** @throws Failed `invalid-input` when this server may not call it */
  checkCalled(field: string, url: string | null | undefined, use: HttpUse): void {
    const policy = { ...this.settings, httpsOnly: !mayUseHttp(this.settings, use) };
    judge(field, () => !url || checkTargetUrl(url, policy));
  }

  /** An address that browsers are sent to, which may be anywhere. @throws Failed `invalid-input` when it is none */
  checkVisited(field: string, url: string | null | undefined): void {
    judge(field, () => !url || checkTargetUrl(url, { allowPrivateTargets: true }));
  }

  /** The keys of this JWK set. @throws Failed `invalid-input` when no signature could be verified with it */
  readJwks(field: string, jwks: unknown): KeySet {
    return judge(field, () => parseJwks(jwks));
  }
}

function judge<Judged>(field: string, check: () => Judged): Judged {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof OutboundRefused || error instanceof InvalidJwks)) throw error;
    throw invalid(field, error.message);
  }
}
