import { createHash } from 'node:crypto';
import { People, type PersonReference } from '../../src/accounts/people/people';
import { Identifiers } from '../../src/accounts/people/identifiers';
import { subjectsOf, type Target } from '../../src/approvals/finding';
import { type Freeze, Freezes } from '../../src/approvals/freezes';
import { Statements } from '../../src/platform/database/statements';
import { type TestNode } from './test-app';

/** What a test's person is known by. */
export const carol = {
  userId: 'carol',
  email: 'carol@example.com',
  telephone: '+6591234567',
  signer: 'S1234567D',
} as const;

/** What a relying party names her by as the intended signer. */
export const carolsUinHash = createHash('sha256').update(carol.signer).digest('hex');

/** Who is meant by one identifier of hers alone. */
export function referenceOf({ app }: TestNode, tenantId: string, by: keyof typeof carol): PersonReference {
  return by === 'userId' ? { userId: carol.userId } : app.get(Identifiers).kept(tenantId, by, carol[by])!;
}

/** The same as what is recalled, frozen and searched. */
export async function personOf(node: TestNode, tenantId: string, by: keyof typeof carol): Promise<Target> {
  return { person: await node.app.get(People).keysOf(tenantId, referenceOf(node, tenantId, by)) };
}

/** Begins a freeze as a recall does. */
export function freeze({ app }: TestNode, tenantId: string, target: Target, seconds = 600): Promise<Freeze> {
  const wanted = { tenantId, subjects: subjectsOf(target), reason: 'a telephone call', actor: 'operator:eve' };
  return app
    .get(Statements)
    .transaction((client) => app.get(Freezes).begin({ ...wanted, recallId: null, seconds }, client));
}
