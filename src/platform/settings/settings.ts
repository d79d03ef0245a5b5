import { type DynamicModule, Module } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { EnvironmentReader } from './environment-reader';
import {
  type OidcSettings,
  type OperatorsSettings,
  readOidc,
  readOperators,
  readSigningAuthority,
  readSmsGateway,
  type SigningAuthoritySettings,
  type SmsGatewaySettings,
} from './integrations';
import { readTenantLimits, readThrottles, type TenantLimits, type ThrottleLimits, type ThrottleName } from './limits';
import { type HttpPolicy, httpUses, refuseWeakSettings } from './production';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Everything that can be set from outside; `.env.example` says what each is for. */
export interface Settings extends HttpPolicy {
  readonly host: string;
  readonly port: number;
  /** Where what is for operators is served alone; absent: at `port`, with everything else. */
  readonly adminPort?: number;
  /** Whether `/metrics` is served. */
  readonly metrics: boolean;
  /** Whether `/docs` and `/openapi/*` are served. */
  readonly docs: boolean;
  /** The address clients reach the server under, without a closing slash. */
  readonly publicUrl: string;
  /** Absent: the embedded database in `dataDir`. */
  readonly databaseUrl?: string;
  /** Absent: `databaseUrl` leads to PostgreSQL itself; otherwise this does, and that to a pooler in transaction mode. */
  readonly databaseSessionUrl?: string;
  /** Whether that pooler follows named statements. */
  readonly namedStatements: boolean;
  /** How long a start waits for that database. */
  readonly startTimeoutSeconds: number;
  readonly dataDir: string;
  /** Without it and `operators` the administration's routes do not exist. */
  readonly adminToken?: string;
  /** Absent: operators are known by `adminToken` and API keys alone. */
  readonly operators?: OperatorsSettings;
  /** 32 bytes; absent only outside production, where one is made and kept in `dataDir`. */
  readonly masterKey?: Buffer;
  readonly sandbox: boolean;
  /** Whether the sandbox's inbox is shown beyond this machine. */
  readonly sandboxInboxRemote: boolean;
  /** Express's `trust proxy`: a number of hops, or addresses; absent: no proxy is trusted. */
  readonly trustProxy?: number | string;
  readonly requireHttps: boolean;
  /** The host name below which each tenant has its own label. */
  readonly baseHost: string;
  readonly allowPrivateTargets: boolean;
  /** Absent: e-mail goes into the sandbox's inbox. */
  readonly smtpUrl?: string;
  /** The address that mail comes from. */
  readonly smtpFrom: string;
  /** Absent: SMS go into the sandbox's inbox. */
  readonly smsGateway?: SmsGatewaySettings;
  /** Absent: people are identified by the sandbox's simulation, or not at all. */
  readonly oidc?: OidcSettings;
  /** An RFC 3161 time-stamp authority; absent: signatures carry no time-stamp. */
  readonly tsaUrl?: string;
  /** PEM files of one's own certificate authority for signers; absent: one is made and kept sealed in the database. */
  readonly signingAuthority?: SigningAuthoritySettings;
  /** Where the checkpoints of the history are sent; absent: nowhere. */
  readonly checkpointUrl?: string;
  /** How long documents are kept after a sign request's end. */
  readonly documentRetentionDays: number;
  readonly tenantLimits: TenantLimits;
  readonly throttles: Readonly<Record<ThrottleName, ThrottleLimits>>;
  /** Calls are answered 503 while the event loop is later than this. */
  readonly eventLoopLagLimitMs: number;
  readonly logLevel: LogLevel;
}

/** The start is refused: `faults` names every setting that is missing or wrong. */
export class InvalidSettings extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`Rescind cannot start with these settings:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'InvalidSettings';
  }
}

/**
 * Turns the environment into settings.
 * @throws InvalidSettings when anything is missing or wrong, naming all of it at once
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const read = new EnvironmentReader(environment);
  const production = environment.NODE_ENV === 'production';
  const port = read.integer('PORT', { min: 0, max: 65_535, fallback: 3000 });
  const publicUrl = read.url('PUBLIC_URL', ['http:', 'https:']) ?? `http://localhost:${port}`;
  const host = read.text('HOST') ?? '127.0.0.1';
  const settings: Settings = {
    production,
    host,
    port,
    adminPort: adminPort(read, port),
    metrics: read.flag('METRICS', true),
    docs: read.flag('DOCS', true),
    publicUrl,
    databaseUrl: read.url('DATABASE_URL', ['postgres:', 'postgresql:']),
    databaseSessionUrl: read.url('DATABASE_SESSION_URL', ['postgres:', 'postgresql:']),
    namedStatements: read.flag('DATABASE_NAMED_STATEMENTS', false),
    startTimeoutSeconds: read.integer('START_TIMEOUT', { min: 0, max: 3_600, fallback: 30 }),
    dataDir: read.text('DATA_DIR') ?? '.data',
    adminToken: read.text('ADMIN_TOKEN'),
    operators: readOperators(read, publicUrl),
    masterKey: read.bytes('MASTER_KEY', 32),
    sandbox: read.flag('SANDBOX', !production && isLoopback(host)),
    sandboxInboxRemote: read.flag('SANDBOX_INBOX_REMOTE', false),
    trustProxy: trustProxy(read),
    requireHttps: read.flag('REQUIRE_HTTPS', publicUrl.startsWith('https:')),
    allowHttp: read.listOf('ALLOW_HTTP', httpUses),
    baseHost: read.text('BASE_HOST')?.toLowerCase() ?? new URL(publicUrl).hostname,
    allowPrivateTargets: read.flag('ALLOW_PRIVATE_TARGETS', false),
    smtpUrl: read.url('SMTP_URL', ['smtp:', 'smtps:']),
    smtpFrom: read.text('SMTP_FROM') ?? `no-reply@${new URL(publicUrl).hostname}`,
    smsGateway: readSmsGateway(read),
    oidc: readOidc(read),
    tsaUrl: read.url('TSA_URL', ['http:', 'https:']),
    signingAuthority: readSigningAuthority(read),
    checkpointUrl: read.url('CHECKPOINT_URL', ['http:', 'https:']),
    documentRetentionDays: read.integer('DOCUMENT_RETENTION_DAYS', { min: 1, max: 36_500, fallback: 30 }),
    tenantLimits: readTenantLimits(read),
    throttles: readThrottles(read),
    eventLoopLagLimitMs: read.integer('EVENT_LOOP_LAG_LIMIT_MS', { min: 50, max: 60_000, fallback: 1_000 }),
    logLevel: read.oneOf('LOG_LEVEL', logLevels, 'info'),
  };
  if (production) refuseWeakSettings(read, settings);
  if (settings.databaseSessionUrl !== undefined && settings.databaseUrl === undefined)
    read.fault('DATABASE_SESSION_URL', 'is of use only with a pooler, in DATABASE_URL');
  if (read.faults.length > 0) throw new InvalidSettings(read.faults);
  return settings;
}

function adminPort(read: EnvironmentReader, port: number): number | undefined {
  if (read.text('ADMIN_PORT') === undefined) return undefined;
  const adminPort = read.integer('ADMIN_PORT', { min: 0, max: 65_535, fallback: 0 });
  if (adminPort === port && port !== 0) read.fault('ADMIN_PORT', 'must be another one than PORT');
  return adminPort;
}

function trustProxy(read: EnvironmentReader): number | string | undefined {
  const value = read.text('TRUST_PROXY');
  if (value === undefined || value === 'false') return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const addresses = /^[\da-f.:/]+$|^(loopback|linklocal|uniquelocal)$/i;
  if (value.split(',').every((each) => addresses.test(each.trim()))) return value;
  read.fault(
    'TRUST_PROXY',
    'must be a number of proxies, or a list of addresses, networks, loopback, linklocal or uniquelocal',
  );
  return undefined;
}

/** Whether there is any operator who could call the administration. */
export const isAdministered = ({ adminToken, operators }: Settings): boolean =>
  adminToken !== undefined || operators !== undefined;

/** The token under which the one validated settings object is injected. */
export const SETTINGS = Symbol('Settings');

@Module({})
export class SettingsModule {
  static register(settings: Settings): DynamicModule {
    return {
      module: SettingsModule,
      global: true,
      providers: [{ provide: SETTINGS, useValue: settings }],
      exports: [SETTINGS],
    };
  }
}

/** Whether a host name or IP address means this machine only. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare.toLowerCase() === 'localhost' || (ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'loopback');
}
