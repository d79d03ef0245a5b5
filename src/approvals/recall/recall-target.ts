import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { identifierKinds, Identifiers, type KeptIdentifier } from '../../accounts/people/identifiers';
import { People, type PersonReference } from '../../accounts/people/people';
import { Failed } from '../../platform/envelope/failure';
import { type Target } from '../finding';
import { type PersonTarget, type RecallTarget } from './recall.dto';
import { type ShownTarget } from './recall.entity';

/** A target as it was asked for, checked. */
export interface AskedTarget {
  readonly shown: ShownTarget;
  /** The same for each spelling of an identifier. */
  readonly normal: object;
  /** What a person is looked up by. */
  readonly person?: PersonReference;
}

/** Whose approvals a recall ends. */
@Injectable()
export class RecallTargets {
  constructor(
    private readonly people: People,
    private readonly identifiers: Identifiers,
  ) {}

  /** @throws Failed `invalid-input` when a person's identifier is none of its kind */
  read(tenantId: string, { person, ...target }: RecallTarget): AskedTarget {
    if (!person) {
      const shown = withoutNulls(target);
      return { shown, normal: shown };
    }
    const { userId } = person;
    if (userId) return { shown: { person: { userId } }, normal: { userId }, person: { userId } };
    const { kind, hash, masked } = this.identifierOf(tenantId, person);
    const shown = { person: { [kind]: masked } };
    return { shown, normal: { [kind]: hash.toString('hex') }, person: { kind, hash } };
  }

  /** Looks a person up by one identifier, and answers all; of another target all is known. */
  async know(tenantId: string, { shown, person }: AskedTarget, client: ClientBase): Promise<Target> {
    return person === undefined ? targetOf(shown) : { person: await this.people.keysOf(tenantId, person, client) };
  }

  private identifierOf(tenantId: string, person: PersonTarget): KeptIdentifier {
    const kind = identifierKinds.find((each) => person[each]) ?? 'email';
    const kept = this.identifiers.kept(tenantId, kind, person[kind] ?? '');
    if (kept !== undefined) return kept;
    const field = `target.person.${kind}`;
    throw new Failed({ kind: 'invalid-input', faults: [{ field, problem: `${field} is none` }] });
  }
}

/** Whether a recall ends what is pending of it at once, in one transaction. */
export const isNarrow = ({ person, approval }: ShownTarget): boolean => person !== undefined || approval !== undefined;

/** A target that is no person. */
export function targetOf({ approval, relyingParty, client, device }: ShownTarget): Target {
  if (approval) return { approval: approval.id };
  if (relyingParty) return { relyingParty };
  if (client) return { client };
  return device ? { device } : { tenant: true };
}

function withoutNulls(target: RecallTarget): ShownTarget {
  return Object.fromEntries(Object.entries(target).filter(([, value]) => value !== undefined && value !== null));
}
