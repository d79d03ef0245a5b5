import { ApiPropertyOptional, ApiProperty } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { invalid, Label, OptionalUrl, ReplacingLabel, ReplacingUrl, Slug, Targets, UnlessLeftOut } from './input';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { Registry } from '../accounts/tenants/registry';
import { WebhookUrls } from '../accounts/tenants/registered-urls';
import { RelyingParty } from '../accounts/tenants/tenant.entities';
import { change, find, insert, pageOfTenant } from './admin.rows';
import { Deletions } from './deletions';
import { type Page, type PageQuery } from './admin.answers';

const exampleJwks = {
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      kid: 'key-1',
      use: 'sig',
      x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
      y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
    },
  ],
};

/** Either `jwks` or `jwksUrl` says which keys the relying party signs its tokens with. */
abstract class KeysAndAddresses {
  @UnlessLeftOut()
  @IsObject({ message: 'jwks must be a JWK set' })
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, example: exampleJwks })
  jwks?: object;

  @ReplacingUrl('https://portal.acme.example/jwks')
  jwksUrl?: string;

  /** Where a person's browser is sent once the signing is over. */
  @OptionalUrl('https://portal.acme.example/signed')
  redirectUrl?: string | null;

  /** Where a signed document is announced. */
  @OptionalUrl('https://portal.acme.example/webhook')
  webhookUrl?: string | null;
}

export class CreateRelyingParty extends KeysAndAddresses {
  /** Its name in every token it signs: unique over all tenants. */
  @Slug('acme-portal')
  clientId: string;

  @Label('Acme Portal')
  name: string;
}

/** What is left out stays as it is; null takes an address away. Keys replace those that there are, of either kind. */
export class ChangeRelyingParty extends KeysAndAddresses {
  @ReplacingLabel('Acme Portal')
  name?: string;
}

/** A relying party as administrators see it. */
export class ShownRelyingParty {
  @ApiProperty({ example: 'acme-portal' })
  clientId: string;

  @ApiProperty()
  tenantId: string;

  @ApiProperty()
  name: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'Its public keys as a JWK set (RFC 7517); null where they are fetched from `jwksUrl`.',
  })
  jwks: object | null;

  @ApiProperty({ type: String, format: 'uri', nullable: true })
  jwksUrl: string | null;

  @ApiProperty({ type: String, format: 'uri', nullable: true })
  redirectUrl: string | null;

  @ApiProperty({ type: String, format: 'uri', nullable: true })
  webhookUrl: string | null;

  @ApiProperty()
  createdAt: Date;
}

/** The clients of Sign v3. */
@Injectable()
export class RelyingPartiesService {
  constructor(
    @InjectRepository(RelyingParty) private readonly parties: Repository<RelyingParty>,
    private readonly targets: Targets,
    private readonly registry: Registry,
    private readonly webhookUrls: WebhookUrls,
    private readonly deletions: Deletions,
  ) {}

  /**
   * @throws Failed `invalid-input` when its keys are given twice or not at all, or are none; or an address may not be used
   * @throws AdminRefusal TENANT_NOT_FOUND, ALREADY_EXISTS, ID_RETIRED
   */
  async create(tenantId: string, input: CreateRelyingParty): Promise<ShownRelyingParty> {
    const { clientId, jwks, jwksUrl } = input;
    if (jwks === undefined && jwksUrl === undefined) throw invalid('jwks', oneOfBoth);
    const none = { redirectUrl: null, webhookUrl: null };
    const party = await insert(this.parties, { clientId, tenantId, ...none, ...this.read(clientId, input) });
    this.registry.forget();
    return this.show(party);
  }

  /** @throws AdminRefusal TENANT_NOT_FOUND */
  async list(tenantId: string, query: PageQuery): Promise<Page<ShownRelyingParty>> {
    const { items, next } = await pageOfTenant(this.parties, 'clientId', tenantId, query);
    return { items: items.map((party) => this.show(party)), next };
  }

  /** @throws AdminRefusal NOT_FOUND */
  async get(tenantId: string, clientId: string): Promise<ShownRelyingParty> {
    return this.show(await find(this.parties, { tenantId, clientId }));
  }

  /**
   * @throws Failed `invalid-input` when its keys are given twice, or are none; or an address may not be used
   * @throws AdminRefusal NOT_FOUND
   */
  async change(tenantId: string, clientId: string, input: ChangeRelyingParty): Promise<ShownRelyingParty> {
    const changes = this.read(clientId, input);
    const party = await change(this.parties, { tenantId, clientId }, () => changes);
    this.registry.forget();
    return this.show(party);
  }

  /** Deletes a relying party and cancels its open sign requests. @throws AdminRefusal NOT_FOUND */
  delete(tenantId: string, clientId: string, actor: string): Promise<void> {
    return this.deletions.relyingParty(tenantId, clientId, actor);
  }

  private show(party: RelyingParty): ShownRelyingParty {
    const { webhookUrl, ...shown } = party;
    return { ...shown, webhookUrl: webhookUrl && this.webhookUrls.open(party.clientId, webhookUrl) };
  }

  /** What is given, as it is kept. */
  private read(clientId: string, { jwks, jwksUrl, webhookUrl, ...given }: ChangeRelyingParty): Partial<RelyingParty> {
    if (jwks !== undefined && jwksUrl !== undefined) throw invalid('jwks', oneOfBoth);
    this.targets.checkCalled('jwksUrl', jwksUrl, 'jwks');
    this.targets.checkVisited('redirectUrl', given.redirectUrl);
    this.targets.checkCalled('webhookUrl', webhookUrl, 'webhook');
    return {
      ...given,
      ...(jwks !== undefined && { jwks: this.targets.readJwks('jwks', jwks).toJwks(), jwksUrl: null }),
      ...(jwksUrl !== undefined && { jwks: null, jwksUrl }),
      ...(webhookUrl !== undefined && {
        webhookUrl: webhookUrl === null ? null : this.webhookUrls.seal(clientId, webhookUrl),
      }),
    };
  }
}

const oneOfBoth = 'exactly one of jwks and jwksUrl is needed';
