import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { EventEndpoint } from '../approvals/events/event-endpoint.entity';
import { EventEndpoints } from '../approvals/events/event-endpoints';
import { Events } from '../approvals/events/event-queue';
import { WebhookSecret } from '../approvals/events/standard-webhooks';
import { ApprovalKinds } from '../approvals/finding';
import { DeliveryRepository } from '../messages/delivery.repository';
import { AdminRefusal, type Page, type PageQuery } from './admin.answers';
import { change, find, insert, pageOfTenant, remove } from './admin.rows';
import {
  type ChangeEventEndpoint,
  type CreatedEventEndpoint,
  type CreateEventEndpoint,
  dayInSeconds,
  type QueuedTest,
  type RotateEventSecret,
  type ShownEventDelivery,
  type ShownEventEndpoint,
} from './event-endpoints.dto';
import { invalid, Targets } from './input';

/** Without a success for so long, an endpoint is failing. */
const failingAfterMs = 60 * 60 * 1000;

/** Where tenants' events are sent. */
@Injectable()
export class EventEndpointsService {
  constructor(
    @InjectRepository(EventEndpoint) private readonly table: Repository<EventEndpoint>,
    private readonly targets: Targets,
    private readonly endpoints: EventEndpoints,
    private readonly events: Events,
    private readonly kinds: ApprovalKinds,
    private readonly deliveries: DeliveryRepository,
  ) {}

  /**
   * Registers an endpoint with a secret, which cannot be shown again.
   * @throws Failed `invalid-input` when this server may not call its address, or has no such kind of approval
   * @throws AdminRefusal TENANT_NOT_FOUND
   */
  async create(tenantId: string, input: CreateEventEndpoint): Promise<CreatedEventEndpoint> {
    this.check(input);
    const { url, ...wishes } = input;
    const [key, secret] = [{ tenantId, id: randomUUID() }, WebhookSecret.create()];
    const sealed = { url: this.endpoints.sealUrl(key, url), secret: this.endpoints.sealSecret(key, secret) };
    await insert(this.table, { ...wishes, ...key, ...sealed });
    return { id: key.id, secret: secret.shared, publicKey: secret.publicKey };
  }

  /** @throws AdminRefusal TENANT_NOT_FOUND */
  async list(tenantId: string, query: PageQuery): Promise<Page<ShownEventEndpoint>> {
    const { items, next } = await pageOfTenant(this.table, 'id', tenantId, query);
    return { items: items.map((endpoint) => this.show(endpoint)), next };
  }

  /** @throws AdminRefusal NOT_FOUND */
  async get(tenantId: string, id: string): Promise<ShownEventEndpoint> {
    return this.show(await find(this.table, { tenantId, id }));
  }

  /**
   * What is queued for an endpoint goes to its new address; what happened while it was disabled is not sent.
   * @throws Failed `invalid-input` when this server may not call its address, or has no such kind of approval
   * @throws AdminRefusal NOT_FOUND
   */
  async change(tenantId: string, id: string, input: ChangeEventEndpoint): Promise<ShownEventEndpoint> {
    const { url, disabled, ...wishes } = input;
    this.check(input);
    const endpoint = await change(this.table, { tenantId, id }, ({ disabledAt, failingSince }) => ({
      ...wishes,
      ...(url !== undefined && { url: this.endpoints.sealUrl({ tenantId, id }, url) }),
      ...(disabled === true && { disabledAt: disabledAt ?? new Date() }),
      ...(disabled === false && { disabledAt: null, failingSince: disabledAt === null ? failingSince : null }),
    }));
    return this.show(endpoint);
  }

  /** Gives an endpoint another secret, which cannot be shown again. @throws AdminRefusal NOT_FOUND */
  async rotateSecret(
    tenantId: string,
    id: string,
    { overlapSeconds = dayInSeconds }: RotateEventSecret,
  ): Promise<CreatedEventEndpoint> {
    const secret = WebhookSecret.create();
    await change(this.table, { tenantId, id }, (endpoint) => ({
      secret: this.endpoints.sealSecret(endpoint, secret),
      previousSecret: endpoint.secret,
      previousUntil: new Date(Date.now() + overlapSeconds * 1_000),
    }));
    return { id, secret: secret.shared, publicKey: secret.publicKey };
  }

  /** What is still queued for it is abandoned. @throws AdminRefusal NOT_FOUND */
  delete(tenantId: string, id: string): Promise<void> {
    return remove(this.table, { tenantId, id });
  }

  /** Has a test event sent, whatever the endpoint wants. @throws AdminRefusal NOT_FOUND, ENDPOINT_DISABLED */
  async test(tenantId: string, id: string): Promise<QueuedTest> {
    const { disabledAt } = await find(this.table, { tenantId, id });
    if (disabledAt !== null) throw new AdminRefusal('ENDPOINT_DISABLED');
    return { deliveryId: await this.events.queueTest({ tenantId, id }) };
  }

  /** Newest first. @throws AdminRefusal NOT_FOUND */
  async deliveriesOf(tenantId: string, id: string, { limit, after }: PageQuery): Promise<Page<ShownEventDelivery>> {
    await find(this.table, { tenantId, id });
    const found = await this.deliveries.ofEndpoint(id, limit + 1, after);
    const items = found.slice(0, limit);
    return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  private check({ url, kinds }: ChangeEventEndpoint): void {
    this.targets.checkCalled('url', url, 'webhook');
    const unknown = kinds?.find((kind) => this.kinds.find(kind) === undefined);
    if (unknown !== undefined) throw invalid('kinds', `there is no kind of approval named ${unknown}`);
  }

  private show(endpoint: EventEndpoint): ShownEventEndpoint {
    const { id, tenantId, types, kinds, description, failingSince, disabledAt, createdAt } = endpoint;
    const url = this.endpoints.urlOf(endpoint);
    const { publicKey } = this.endpoints.openSecret(endpoint, endpoint.secret);
    const state = stateOf(endpoint);
    return { id, tenantId, url, types, kinds, description, publicKey, state, failingSince, disabledAt, createdAt };
  }
}

function stateOf({ disabledAt, failingSince }: EventEndpoint): ShownEventEndpoint['state'] {
  if (disabledAt !== null) return 'disabled';
  return failingSince !== null && Date.now() - failingSince.getTime() > failingAfterMs ? 'failing' : 'enabled';
}
