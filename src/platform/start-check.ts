import { type DataSource } from 'typeorm';
import { type SealedContent } from './secrets/sealed-content';
import { type Settings } from './settings/settings';

/** What a database holds that keeps a production server from starting, each in one line with what to do. */
export type StartCheck = (
  dataSource: DataSource,
  settings: Settings,
  content: SealedContent,
) => Promise<readonly string[]>;

/** The start is refused: `faults` names all that must not be in the database of a production server. */
export class UnfitDatabase extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`Rescind cannot start on this database:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'UnfitDatabase';
  }
}

/**
 * @throws UnfitDatabase when any check finds something, naming all of it at once
 * @throws SealBroken when the master key is not this database's
 */
export async function runStartChecks(
  checks: readonly StartCheck[],
  dataSource: DataSource,
  settings: Settings,
  content: SealedContent,
): Promise<void> {
  const faults = await Promise.all(checks.map((check) => check(dataSource, settings, content)));
  if (faults.flat().length > 0) throw new UnfitDatabase(faults.flat());
}
