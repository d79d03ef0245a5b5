import { type DeepPartial, type FindOptionsWhere, MoreThan, QueryFailedError, type Repository } from 'typeorm';
import { Tenant } from '../accounts/tenants/tenant.entities';
import { type AdminErrorCode, AdminRefusal, type Page, type PageQuery } from './admin.answers';

const uniqueViolation = '23505';
const foreignKeyViolation = '23503';

/**
 * Stores a new row; the database's own constraints judge, so rivals cannot both succeed.
 * @throws AdminRefusal TENANT_NOT_FOUND, ID_RETIRED, or ALREADY_EXISTS (or what `clashes` says instead, by the constraint's name)
 */
export async function insert<Row extends object>(
  rows: Repository<Row>,
  row: DeepPartial<NoInfer<Row>>,
  clashes: Clashes = {},
): Promise<Row> {
  const created = rows.create(row);
  await rows.insert(created).catch(refuseBy(clashes));
  return created;
}

/**
 * Changes a row under its lock; what is not named stays as it is.
 * @param changesOf what changes, by the row as it is
 * @throws AdminRefusal NOT_FOUND, or what `clashes` says by the name of the constraint
 */
export function change<Row extends object>(
  rows: Repository<Row>,
  where: FindOptionsWhere<Row>,
  changesOf: (row: Row) => Partial<Row>,
  clashes: Clashes = {},
): Promise<Row> {
  return rows.manager.transaction(async (manager) => {
    const row = await manager.findOne(rows.target, { where, lock: { mode: 'for_no_key_update' } });
    if (row === null) throw new AdminRefusal('NOT_FOUND');
    return manager.save(rows.target, Object.assign(row, changesOf(row))).catch(refuseBy(clashes));
  });
}

/** What a violated constraint means: its name → what is refused. */
type Clashes = Readonly<Record<string, AdminErrorCode>>;

/** Words what a constraint of the database has refused; any other error stays as it is. */
export const refuseBy =
  (clashes: Clashes) =>
  (error: unknown): never => {
    const { code, constraint = '' } = (error instanceof QueryFailedError ? error.driverError : error) as DatabaseFault;
    if (code === foreignKeyViolation) throw new AdminRefusal('TENANT_NOT_FOUND');
    if (code === uniqueViolation && constraint === 'retired_id') throw new AdminRefusal('ID_RETIRED');
    if (code === uniqueViolation) throw new AdminRefusal(clashes[constraint] ?? 'ALREADY_EXISTS');
    throw error;
  };

interface DatabaseFault {
  readonly code?: string;
  readonly constraint?: string;
}

/** The rows of one page, ordered by `key`. */
export async function page<Row extends object>(
  rows: Repository<Row>,
  key: keyof Row & string,
  where: FindOptionsWhere<Row>,
  { limit, after }: PageQuery,
): Promise<Page<Row>> {
  const further = after === undefined ? {} : { [key]: MoreThan(after) };
  const found = await rows.find({ where: { ...where, ...further }, order: { [key]: 'ASC' } as never, take: limit + 1 });
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? String(items.at(-1)?.[key]) : null };
}

/** The same of what belongs to a tenant. @throws AdminRefusal TENANT_NOT_FOUND */
export async function pageOfTenant<Row extends { tenantId: string }>(
  rows: Repository<Row>,
  key: keyof Row & string,
  tenantId: string,
  query: PageQuery,
): Promise<Page<Row>> {
  const found = await page(rows, key, { tenantId } as FindOptionsWhere<Row>, query);
  if (found.items.length === 0 && !(await rows.manager.existsBy(Tenant, { id: tenantId })))
    throw new AdminRefusal('TENANT_NOT_FOUND');
  return found;
}

/** @throws AdminRefusal NOT_FOUND */
export async function find<Row extends object>(rows: Repository<Row>, where: FindOptionsWhere<Row>): Promise<Row> {
  const found = await rows.findOneBy(where);
  if (found === null) throw new AdminRefusal('NOT_FOUND');
  return found;
}

/** @throws AdminRefusal NOT_FOUND */
export async function remove<Row extends object>(rows: Repository<Row>, where: FindOptionsWhere<Row>): Promise<void> {
  const { affected } = await rows.delete(where);
  if (affected !== 1) throw new AdminRefusal('NOT_FOUND');
}
