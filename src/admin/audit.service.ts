import { Injectable } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { type Operator, type Role, roles } from '../accounts/operators/operator';
import { Audit, type AuditRow, type ListedCall } from '../approvals/audit/audit';
import { type Page, UuidPageQuery } from './admin.answers';
import { OptionalInstant, OptionalSlug } from './input';

const instant = '2025-01-15T10:30:00Z';

export class AuditPageQuery extends UuidPageQuery {
  @OptionalSlug('acme')
  tenant?: string;

  @IsOptional()
  @Matches(/^[^\0]{1,512}$/, { message: 'actor must be the name of an operator' })
  @ApiPropertyOptional({ example: 'key:help-desk' })
  actor?: string;

  /** From this instant on, in RFC 3339 … */
  @OptionalInstant(instant)
  from?: string;

  /** … and before this one. */
  @OptionalInstant(instant)
  to?: string;
}

const hashPattern = '^[0-9a-f]{64}$';

class ShownAuditRow implements AuditRow {
  @ApiProperty({ type: 'integer', minimum: 1 })
  seq: number;

  @ApiProperty({ format: 'date-time', description: 'UTC to the microsecond, as it was hashed.' })
  at: string;

  @ApiProperty({ description: 'As it was hashed: JSON.' })
  target: string;

  @ApiProperty({ type: 'integer', nullable: true })
  status: number | null;

  @ApiProperty({ pattern: hashPattern })
  hash: string;

  @ApiProperty({ type: String, nullable: true, pattern: hashPattern, description: 'Null in the first.' })
  previousHash: string | null;
}

/** A call of an operator. */
export class AuditedCall {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({ example: 'key:help-desk' })
  actor: string;

  @ApiProperty({ enum: roles, description: 'That the operator had then.' })
  role: Role;

  @ApiProperty({ example: '203.0.113.7' })
  address: string;

  @ApiProperty({ example: 'DELETE' })
  method: string;

  @ApiProperty({ example: '/admin/v1/tenants/:tenantId/users/:userId' })
  route: string;

  @ApiProperty({ type: String, nullable: true, example: 'acme' })
  tenant: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What it was about, by name.' })
  target: object;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'What it was answered; null while it is under way, and for good where the server died in it.',
  })
  status: number | null;

  @ApiProperty()
  requestId: string;

  @ApiProperty({ type: [ShownAuditRow] })
  rows: readonly AuditRow[];
}

/** What operators did. */
@Injectable()
export class AuditService {
  constructor(private readonly audit: Audit) {}

  /** Newest first; of the operator's tenants, and of none where it is an admin of all. */
  async list(query: AuditPageQuery, { role, tenants }: Operator): Promise<Page<AuditedCall>> {
    const { tenant, actor = null, from, to, after = null, limit } = query;
    const found = await this.audit.list({
      tenants: tenant === undefined ? (tenants === 'all' ? null : tenants) : [tenant],
      withoutTenant: tenants === 'all' && role === 'admin',
      actor,
      from: from === undefined ? null : new Date(from),
      to: to === undefined ? null : new Date(to),
      after,
      limit: limit + 1,
    });
    const items = found.slice(0, limit).map(show);
    return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }
}

function show({ callId, tenantId, rows, ...call }: ListedCall): AuditedCall {
  const { actor, role, address, method, route, requestId } = call;
  const [{ at }] = rows;
  const { target, status } = rows.at(-1) ?? rows[0];
  return {
    id: callId,
    at,
    actor,
    role: role as Role,
    address,
    method,
    route,
    tenant: tenantId,
    target: JSON.parse(target) as object,
    status,
    requestId,
    rows,
  };
}
