import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { clearing } from '../platform/jobs/recurring-jobs';
import { Jobs } from '../platform/jobs/jobs';
import { SealedJson, Vault } from '../platform/secrets/vault';
import { type Message, Messenger } from './messenger';

/** A message as it lies in the inbox. */
export type InboxMessage = Omit<Message, 'id' | 'subject'> & { readonly at: string };

const keptDays = 1;
const shownAtMost = 100;

/** How long a reader waits for what was queued a moment ago, in milliseconds. */
const patienceMs = 2_000;

const put = statement(
  'inbox-put',
  `INSERT INTO inbox_message (id, recipient_hash, sealed, at) VALUES (:id, :recipientHash, :sealed, :at)
   ON CONFLICT DO NOTHING`,
);

const list = statement(
  'inbox-list',
  `SELECT id, sealed FROM inbox_message WHERE recipient_hash = COALESCE(:recipientHash::bytea, recipient_hash)
   ORDER BY at DESC LIMIT ${shownAtMost}`,
);

const underWay = statement(
  'inbox-under-way',
  `SELECT 1 FROM delivery WHERE state = 'pending' AND last_error IS NULL
     AND created_at > clock_timestamp() - make_interval(secs => :patienceSeconds) LIMIT 1`,
);

const clearAway = clearing('inbox-clear-away', 'inbox_message', 'at', keptDays);

/** Keeps messages instead of sending them, sealed, for a day: the sandbox's inbox. */
@Injectable()
export class Inbox extends Messenger implements OnModuleInit {
  private readonly messages: SealedJson<InboxMessage>;

  constructor(
    private readonly statements: Statements,
    private readonly vault: Vault,
    private readonly jobs: Jobs,
  ) {
    super();
    this.messages = new SealedJson(vault, 'inbox');
  }

  onModuleInit(): void {
    this.jobs.daily('clear-away-inbox', clearAway);
  }

  async send({ id, approvalId, recipient, method, code, text }: Message): Promise<void> {
    const at = new Date();
    const message: InboxMessage = { approvalId, recipient, method, code, text, at: at.toISOString() };
    const sealed = this.messages.seal(id, message);
    await this.statements.run(put, { id, recipientHash: this.hash(recipient), sealed, at });
  }

  /** Newest first, of one recipient or of all. Whatever was queued just before has arrived. */
  async list(recipient?: string): Promise<InboxMessage[]> {
    await this.settled();
    const recipientHash = recipient === undefined ? null : this.hash(recipient);
    const found = await this.statements.run<{ id: string; sealed: Buffer }>(list, { recipientHash });
    return found.map(({ id, sealed }) => this.messages.open(id, sealed));
  }

  private async settled(): Promise<void> {
    const deadline = performance.now() + patienceMs;
    const values = { patienceSeconds: patienceMs / 1000 };
    while (performance.now() < deadline && (await this.statements.run(underWay, values)).length > 0) await pause(20);
  }

  private hash(recipient: string): Buffer {
    return this.vault.mac('inbox-recipient', '', recipient.trim().toLowerCase());
  }
}
