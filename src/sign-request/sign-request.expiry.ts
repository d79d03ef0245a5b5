import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ApprovalOwners } from '../approvals/approval-owners';
import { ApprovalsClock } from '../approvals/approvals-clock';
import { LifecycleEngine, prepareDisown, prepareTimeout } from '../approvals/lifecycle-engine';
import { signRequestLifecycle } from './sign-request.lifecycle';

const disown = prepareDisown(
  signRequestLifecycle,
  'tenant_id = :tenantId AND (:clientId::text IS NULL OR client_id = :clientId)',
  { name: 'sign-request-disown', disown: { transition: 'disown', set: { ended_at: '_now' } } },
);

const timeout = prepareTimeout(signRequestLifecycle, { name: 'sign-request-lapse' });

/**
 * Ends the sign requests that no caller ends: those whose time is over (written down only before the clock is moved, since
 * no one is notified), and those of a relying party that is deleted.
 */
@Injectable()
export class SignRequestExpiry implements OnModuleInit {
  constructor(
    private readonly clock: ApprovalsClock,
    private readonly owners: ApprovalOwners,
    private readonly engine: LifecycleEngine,
  ) {}

  onModuleInit(): void {
    this.clock.beforeTransition((client) => this.engine.transitionAll(timeout, { actor: 'clock' }, client));
    this.owners.whenDeleted(async ({ tenantId, userId, clientId = null }, actor, client) => {
      if (userId === undefined) await this.engine.transitionEach(disown, { tenantId, clientId, actor }, client);
    });
  }
}
