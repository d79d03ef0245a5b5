import { failuresOfOperators } from '../accounts/operators/authorization';
import { type Failure } from '../platform/envelope/failure';
import { problemErrorFormat, ProblemRefusal } from '../platform/envelope/problem.error-format';
import { type Type } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type as Typed } from 'class-transformer';
import { IsInt, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';
import { Answers, failuresOf, type Success } from '../platform/openapi/answers';

/** What administration refuses: code → status and message. */
const refusals = {
  TENANT_NOT_FOUND: { status: 404, message: 'There is no such tenant.' },
  NOT_FOUND: { status: 404, message: 'There is nothing of this id.' },
  CHECKPOINT_NOT_FOUND: { status: 404, message: 'There is no such checkpoint.' },
  CHECKPOINTS_REVERSED: { status: 400, message: 'The first checkpoint is newer than the second.' },
  ALREADY_EXISTS: { status: 409, message: 'There is one of this id already.' },
  IDENTIFIER_TAKEN: {
    status: 409,
    message: 'Another user of the tenant has this e-mail address, telephone number or signer.',
  },
  ENDPOINT_DISABLED: { status: 409, message: 'This endpoint is disabled.' },
  ID_RETIRED: { status: 409, message: 'This id was that of another, which has been deleted: it is not given again.' },
  ISSUER_TAKEN: { status: 409, message: 'Another tenant has this issuer.' },
} as const;

export type AdminErrorCode = keyof typeof refusals;

export class AdminRefusal extends ProblemRefusal {
  constructor(readonly code: AdminErrorCode) {
    super(refusals[code]);
  }
}

/** Which part of a list is asked for. */
export class PageQuery {
  @IsOptional()
  @Typed(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 500, default: 100 })
  limit = 100;

  /** Where the page before this one ended: its `next`. */
  @IsOptional()
  @Matches(/^[^\0]{1,128}$/, { message: 'after must be the next of the page before' })
  @ApiPropertyOptional()
  after?: string;
}

/** The same of a list whose ids are UUIDs. */
export class UuidPageQuery extends PageQuery {
  @IsUUID(undefined, { message: 'after must be the next of the page before' })
  declare after?: string;
}

/** Describes a page of such items; its name is the item's with `Page`. */
function pageOf<Item>(item: Type<Item>): Type<Page<Item>> {
  class Items implements Page<Item> {
    @ApiProperty({ type: [item] })
    items: readonly Item[];

    @ApiProperty({
      type: String,
      nullable: true,
      description: 'What to ask for `after` this page; null on the last one.',
    })
    next: string | null;
  }
  Object.defineProperty(Items, 'name', { value: `${item.name}Page` });
  return Items;
}

/** One part of a list, in the order of its ids. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** What to ask for `after` this page; null on the last one. */
  readonly next: string | null;
}

const badField: Failure = {
  kind: 'invalid-input',
  faults: [{ field: 'id', problem: 'id must be 1 to 63 of a-z, 0-9 and -, and not begin with -' }],
};

const badQuery: Failure = {
  kind: 'invalid-input',
  faults: [{ field: 'limit', problem: 'limit must not be greater than 500' }],
};

const answers = (success: Success, failures: readonly Failure[], refusals: readonly AdminErrorCode[]) =>
  Answers(problemErrorFormat, success, [
    ...failures,
    ...failuresOfOperators,
    ...refusals.map((code) => new AdminRefusal(code)),
  ]);

/** Documents a route that makes something out of a JSON body. */
export const AnswersCreated = (body: Type, example: object, refusals: readonly AdminErrorCode[]) =>
  answers({ status: 201, body, examples: { created: example } }, [badField, ...failuresOf.jsonBody], refusals);

/** Documents a route that changes something by a JSON body. */
export const AnswersChanged = (body: Type, example: object, refusals: readonly AdminErrorCode[]) =>
  answers({ status: 200, body, examples: { changed: example } }, [badField, ...failuresOf.jsonBody], refusals);

/** Documents a route that shows something. */
export const AnswersFound = (body: Type, example: object, refusals: readonly AdminErrorCode[]) =>
  answers({ status: 200, body, examples: { found: example } }, [], refusals);

/** Documents a route that shows what a query asks for. */
export const AnswersAsked = (body: Type, example: object, refusals: readonly AdminErrorCode[]) =>
  answers({ status: 200, body, examples: { found: example } }, [badQuery], refusals);

/** Documents a route that lists such items: a page that is not the last, and the last. */
export const AnswersListed = (
  item: Type,
  example: object,
  next: string,
  refusals: readonly AdminErrorCode[],
  bad = badQuery,
) =>
  answers(
    {
      status: 200,
      body: pageOf(item),
      examples: { found: { items: [example], next }, last: { items: [example], next: null } },
    },
    [bad],
    refusals,
  );

/** Documents a route that takes something away. */
export const AnswersDeleted = (refusals: readonly AdminErrorCode[]) => answers({ status: 204 }, [], refusals);
