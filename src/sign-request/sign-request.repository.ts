import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, Repository } from 'typeorm';
import { ApprovalsClock } from '../approvals/approvals-clock';
import { LifecycleEngine, type OutcomeOf } from '../approvals/lifecycle-engine';
import { prepareFor } from '../approvals/prepare';
import { Jobs } from '../platform/jobs/jobs';
import { type SignLocation } from '../pades/pages/placement';
import { SignRequest } from './sign-request.entity';
import { signRequestLifecycle } from './sign-request.lifecycle';
import { SealedDocuments } from './sign-request.secrets';

const prepare = prepareFor(signRequestLifecycle);

/** Names one sign request, as the relying party that made it knows it. */
interface SignRequestKey {
  readonly tenantId: string;
  readonly clientId: string;
  readonly id: string;
}

interface NewSignRequest extends SignRequestKey {
  readonly actor: string;
  readonly subjects: readonly string[];
  readonly docName: string;
  readonly signLocations: readonly SignLocation[];
  readonly linkHash: Buffer;
  readonly exchangeCodeHash: Buffer;
  readonly intendedSigner: Buffer | null;
  readonly document: Buffer;
  readonly lifeSeconds: number;
}

export type SignRequestOutcome<Row = object> = OutcomeOf<typeof signRequestLifecycle, Row>;

/** Topic of what happens to a sign request, for which open pages wait: as SQL over its row, and as a function. */
const changed = 'sign-request-changed ';
const changedTopic = `'${changed}' || encode(link_hash, 'hex')`;
export const changedTopicOf = (linkHash: Buffer) => changed + linkHash.toString('hex');

/** Part of every plan that changes sign requests: notifies the open pages. */
export const onceChanged = { notifies: changedTopic } as const;

const beginSignRequest = prepare.begin({
  name: 'sign-request-begin',
  owner: 'relying_party WHERE tenant_id = :tenantId AND client_id = :clientId',
  values: {
    client_id: ':clientId',
    doc_name: ':docName::bytea',
    sign_locations: ':signLocations::jsonb',
    link_hash: ':linkHash',
    exchange_code_hash: ':exchangeCodeHash',
    intended_signer: ':intendedSigner::bytea',
    expires_at: '_now + make_interval(secs => :lifeSeconds)',
  },
  also: {
    kept: `INSERT INTO sign_document (tenant_id, sign_request_id, version, bytes)
           SELECT tenant_id, id, 'original', :document::bytea FROM begun`,
  },
});

export const cancelSignRequest = prepare.transition({
  name: 'sign-request-cancel',
  where: 'tenant_id = :tenantId AND id = :id AND client_id = :clientId',
  transitions: ['cancel'],
  ...onceChanged,
});

/** Sign requests as the relying parties' side uses them. */
@Injectable()
export class SignRequestRepository extends Repository<SignRequest> {
  constructor(
    dataSource: DataSource,
    private readonly engine: LifecycleEngine,
    private readonly documents: SealedDocuments,
  ) {
    super(SignRequest, dataSource.manager);
  }

  /** Begins a sign request and keeps its document, both or neither. */
  async initiate(request: NewSignRequest): Promise<void> {
    await this.engine.begin(beginSignRequest, {
      ...request,
      docName: this.documents.sealName(request, request.docName),
      document: this.documents.seal(request, 'original', request.document),
      signLocations: JSON.stringify(request.signLocations),
    });
  }

  cancel(key: SignRequestKey, actor: string): Promise<SignRequestOutcome | undefined> {
    return this.engine.transition(cancelSignRequest, { ...key, actor });
  }
}

const sweep = prepare.sweep({ name: 'sign-request-expire', ...onceChanged });

const expireAll = prepare.timeout({ name: 'sign-request-expire-all', ...onceChanged });

/** Ends the sign requests whose time is over, so that events tell of it within a minute. */
@Injectable()
export class SignRequestExpiry implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly clock: ApprovalsClock,
    private readonly engine: LifecycleEngine,
  ) {}

  onModuleInit(): void {
    this.jobs.everyMinute('expire-sign-requests', (size) => this.expire(size));
    this.clock.beforeTransition((client) => this.engine.transitionAll(expireAll, { actor: 'clock' }, client));
  }

  /** Stores the timeouts of at most `size` sign requests, and returns how many. */
  async expire(size: number): Promise<number> {
    return (await this.engine.transitionAll(sweep, { actor: 'clock', size })).length;
  }
}
