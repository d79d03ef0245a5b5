import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { RelyingParty, Tenant } from '../../../src/accounts/tenants/tenant.entities';
import { EventEndpoint } from '../../../src/approvals/events/event-endpoint.entity';
import { serverContents } from '../../../src/app.module';
import { OtpConfig } from '../../../src/otp/config/otp-configs';
import { createDataSource } from '../../../src/platform/database/data-source';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { registerTenant } from '../../support/fixtures';
import { productionEnvironment, startServer } from '../../support/server-process';

describe('A production start', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  it('is refused with weak settings, all of them listed at once, one a line', async () => {
    const weak = {
      ...productionEnvironment(database),
      PUBLIC_URL: 'http://sign.example.com',
      MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
      ADMIN_TOKEN: 'admin',
      SANDBOX: 'true',
    };
    const faults = ['PUBLIC_URL must start', 'MASTER_KEY is too', 'ADMIN_TOKEN must have', 'SANDBOX must not'];
    const listed = faults.map((fault) => `  - ${fault}[^\\n]+\\n`).join('');
    await expect(startServer(weak)).rejects.toThrow(
      new RegExp(`^Rescind cannot start with these settings:\\n${listed}$`),
    );
  });

  it('is refused over http: addresses and guessable codes that are registered, all at once, until they are allowed or mended', async () => {
    const dataSource = await createDataSource(database, { ...serverContents.schema, poolSize: 1 }).initialize();
    const { id, relyingParty } = await registerTenant(dataSource, 'acme');
    const { manager } = dataSource;
    await manager.update(Tenant, { id }, { issuer: 'https://a.example', jwksUrl: 'http://a.example/jwks' });
    await manager.update(RelyingParty, relyingParty.clientId, { webhookUrl: Buffer.from('HTTP://a.example/hook') });
    const endpoint = { tenantId: id, id: randomUUID(), url: Buffer.from('HTTP://a.example/events') };
    await manager.insert(EventEndpoint, { ...endpoint, types: ['approval.ended'], secret: Buffer.alloc(64) });
    const guessable = { codeLength: 4, maxAttempts: 10, createsPerRecipientPerHour: 11 };
    await manager.update(OtpConfig, { tenantId: id }, { settings: guessable });
    const production = productionEnvironment(database);
    const lines = [
      `The event endpoint ${endpoint.id} of tenant acme has a URL with http:; register one with https:, or name webhook in ALLOW_HTTP.`,
      'The tenant acme has a jwksUrl with http:; register one with https:, or name jwks in ALLOW_HTTP.',
      `The relying party ${relyingParty.clientId} has a webhookUrl with http:; register one with https:, or name webhook in ALLOW_HTTP.`,
      'The OTP codes of the tenant acme can be guessed with a chance of 1.1 % an hour; at most 1 % is allowed: make them longer, or allow fewer attempts or creates.',
    ];
    await expect(startServer(production)).rejects.toThrow(
      `Rescind cannot start on this database:\n${lines.map((line) => `  - ${line}\n`).join('')}`,
    );
    await manager.update(OtpConfig, { tenantId: id }, { settings: { ...guessable, createsPerRecipientPerHour: 10 } });
    await dataSource.destroy();
    const server = await startServer({ ...production, ALLOW_HTTP: 'jwks,webhook' });
    server.terminate();
    await server.ended;
  });

  it('with an https: address says that calls over plain http will fail, and lets them fail', async () => {
    const server = await startServer({ ...productionEnvironment(database), TRUST_PROXY: 'loopback' });
    expect(server.output()).toMatch(/^REQUIRE_HTTPS is on: calls made over plain http will fail\.$/m);
    await request(server.url).post('/otp/cancel').expect(403);
    await request(server.url).post('/otp/cancel').set('X-Forwarded-Proto', 'https').expect(401);
    server.terminate();
    await server.ended;
  });

  it('is refused where a tenant has the issuer that is the operators’ by now', async () => {
    const dataSource = await createDataSource(database, { ...serverContents.schema, poolSize: 1 }).initialize();
    const { id } = await registerTenant(dataSource, 'acme');
    const issuer = 'https://login.example.com';
    await dataSource.manager.update(Tenant, { id }, { issuer: `${issuer}/`, jwksUrl: `${issuer}/jwks` });
    await dataSource.destroy();
    const operators = { ADMIN_TOKEN: randomUUID(), OPERATORS_ISSUER: issuer, OPERATORS_CLIENT_ID: 'rescind' };
    await expect(startServer({ ...productionEnvironment(database), ...operators })).rejects.toThrow(
      'The tenant acme has the issuer of OPERATORS_ISSUER, so that operators’ tokens could pass for the tenant’s; give either another.',
    );
  });
});
