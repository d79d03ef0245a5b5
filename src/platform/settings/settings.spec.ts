import { randomBytes } from 'node:crypto';
import { InvalidSettings, readSettings } from './settings';

describe('readSettings', () => {
  const faultsOf = (environment: Record<string, string>): readonly string[] => {
    try {
      readSettings(environment);
      return [];
    } catch (error) {
      if (error instanceof InvalidSettings) return error.faults;
      throw error;
    }
  };

  const productionEnvironment = {
    NODE_ENV: 'production',
    MASTER_KEY: randomBytes(32).toString('base64'),
    PUBLIC_URL: 'https://sign.example.com',
  };

  it('starts a sandbox on the embedded database when nothing is set', () => {
    expect(readSettings({})).toMatchObject({ port: 3000, host: '127.0.0.1', sandbox: true, baseHost: 'localhost' });
    expect(readSettings({}).databaseUrl).toBeUndefined();
  });

  it('has no sandbox in production unless asked, and then refuses to start', () => {
    const production = productionEnvironment;
    expect(readSettings(production).sandbox).toBe(false);
    expect(faultsOf({ ...production, SANDBOX: 'true' })).toEqual(['SANDBOX must not be true with NODE_ENV=production']);
  });

  it.each([
    ['0.0.0.0', undefined, false],
    ['0.0.0.0', 'true', true],
    ['::1', undefined, true],
    ['127.8.8.8', undefined, true],
    ['localhost', undefined, true],
    ['127.0.0.1', 'false', false],
  ])('on HOST=%s with SANDBOX=%s has a sandbox: %s', (host, asked, on) => {
    expect(readSettings({ HOST: host, ...(asked && { SANDBOX: asked }) }).sandbox).toBe(on);
  });

  it('names every fault at once', () => {
    const faults = faultsOf({
      NODE_ENV: 'production',
      PORT: '70000',
      PUBLIC_URL: 'ftp://example.com',
      DATABASE_URL: 'mysql://db',
      MASTER_KEY: 'c2hvcnQ=',
      SANDBOX: 'maybe',
      TRUST_PROXY: 'everyone!',
      LOG_LEVEL: 'loud',
    });
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'PORT',
      'PUBLIC_URL',
      'DATABASE_URL',
      'MASTER_KEY',
      'SANDBOX',
      'TRUST_PROXY',
      'LOG_LEVEL',
    ]);
  });

  it('demands a master key and the public address in production', () => {
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual([
      'PUBLIC_URL is required with NODE_ENV=production',
      'MASTER_KEY is required with NODE_ENV=production',
    ]);
  });

  it.each([
    ['MASTER_KEY', 'is too regular', Buffer.alloc(32, 7).toString('base64')],
    ['MASTER_KEY', 'is too regular', Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64')],
    ['MASTER_KEY', 'is a text', Buffer.from('correct horse battery staples 12').toString('base64')],
    ['ADMIN_TOKEN', 'must have at least 32 characters', 'Kq9zX2mB7vT4wY1cR8nL5pJ3hG6fD0s'],
    ['ADMIN_TOKEN', 'is too regular', 'password'.repeat(5)],
    ['PUBLIC_URL', 'must start with https://', 'http://sign.example.com'],
    ['SMS_GATEWAY_URL', 'must start with https://', 'http://sms.example.com'],
  ])('refuses in production a %s that %s, and takes it elsewhere', (name, problem, value) => {
    expect(faultsOf({ ...productionEnvironment, [name]: value })).toEqual([
      expect.stringContaining(`${name} ${problem}`),
    ]);
    expect(faultsOf({ [name]: value })).toEqual([]);
  });

  it('takes what openssl makes: master keys and tokens, a thousand of each', () => {
    for (let index = 0; index < 1_000; index += 1) {
      const secrets = { MASTER_KEY: randomBytes(32).toString('base64'), ADMIN_TOKEN: randomBytes(16).toString('hex') };
      expect(faultsOf({ ...productionEnvironment, ...secrets })).toEqual([]);
    }
  });

  it('allows http by name in production', () => {
    const http = { ...productionEnvironment, PUBLIC_URL: 'http://10.0.0.7:3000' };
    expect(readSettings({ ...http, ALLOW_HTTP: 'public-url, webhook' }).allowHttp).toEqual(['public-url', 'webhook']);
    expect(faultsOf({ ...http, ALLOW_HTTP: 'everything' })).toEqual([
      'ALLOW_HTTP must be a list of public-url, identity, sms, jwks, webhook, callback',
      expect.stringContaining('PUBLIC_URL must start with https://'),
    ]);
  });

  it('refuses in production an identity provider with http, unless it is allowed', () => {
    const provider = { ...productionEnvironment, OIDC_ISSUER: 'http://id.example', OIDC_CLIENT_ID: 'rescind' };
    expect(faultsOf(provider)).toEqual([expect.stringContaining('OIDC_ISSUER must start with https://')]);
    expect(faultsOf({ ...provider, ALLOW_HTTP: 'identity' })).toEqual([]);
  });

  it.each([
    ['https://sign.example.com', undefined, true],
    ['https://sign.example.com', 'false', false],
    ['http://localhost:3000', undefined, false],
    ['http://localhost:3000', 'true', true],
  ])('with PUBLIC_URL=%s and REQUIRE_HTTPS=%s requires https: %s', (url, asked, on) => {
    expect(readSettings({ PUBLIC_URL: url, ...(asked && { REQUIRE_HTTPS: asked }) }).requireHttps).toBe(on);
  });

  it('takes an identity provider, and a certificate authority, whole or not at all', () => {
    expect(faultsOf({ OIDC_ISSUER: 'https://id.example', SIGNING_CA_KEY_FILE: 'ca.key' })).toEqual([
      'OIDC_ISSUER and OIDC_CLIENT_ID go together',
      'SIGNING_CA_KEY_FILE and SIGNING_CA_CERTIFICATE_FILE go together',
    ]);
    expect(readSettings({ OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'rescind' }).oidc).toMatchObject({
      idClaim: 'sub',
      nameClaim: 'name',
      scope: 'openid profile',
    });
  });

  describe('of the operators’ provider', () => {
    const provider = { OPERATORS_ISSUER: 'https://id.example', OPERATORS_CLIENT_ID: 'rescind' };

    it('are whole, or there is none', () => {
      expect(readSettings({}).operators).toBeUndefined();
      expect(readSettings(provider).operators).toEqual({
        issuer: 'https://id.example',
        clientId: 'rescind',
        clientSecret: undefined,
        scope: 'openid profile email',
        roleClaim: 'roles',
        tenantsClaim: 'tenants',
        adminUrl: 'http://localhost:3000',
      });
      expect(faultsOf({ OPERATORS_ISSUER: 'https://id.example' })).toEqual([
        'OPERATORS_ISSUER and OPERATORS_CLIENT_ID go together',
      ]);
    });

    it('ask where browsers reach a port of its own', () => {
      const separate = { ...provider, ADMIN_PORT: '3001' };
      expect(faultsOf(separate)).toEqual(['ADMIN_URL is required with OPERATORS_ISSUER and ADMIN_PORT']);
      const named = { ...separate, ADMIN_URL: 'https://admin.example/' };
      expect(readSettings(named).operators?.adminUrl).toBe('https://admin.example');
    });

    it('are refused in production with http, unless it is allowed', () => {
      const http = { OPERATORS_ISSUER: 'http://id.example', ADMIN_URL: 'http://admin.example' };
      const production = { ...productionEnvironment, ...provider, ...http };
      expect(faultsOf(production)).toEqual([
        expect.stringContaining('OPERATORS_ISSUER must start with https://'),
        expect.stringContaining('ADMIN_URL must start with https://'),
      ]);
      expect(faultsOf({ ...production, ALLOW_HTTP: 'identity, public-url' })).toEqual([]);
    });
  });

  it('takes DATABASE_SESSION_URL only beside DATABASE_URL', () => {
    const session = { DATABASE_SESSION_URL: 'postgres://db/rescind' };
    expect(faultsOf(session)).toEqual(['DATABASE_SESSION_URL is of use only with a pooler, in DATABASE_URL']);
    expect(faultsOf({ ...session, DATABASE_URL: 'postgres://pooler/rescind' })).toEqual([]);
  });

  it('takes proxies as a count or as networks', () => {
    expect(readSettings({ TRUST_PROXY: '2' }).trustProxy).toBe(2);
    expect(readSettings({ TRUST_PROXY: 'loopback, 10.0.0.0/8' }).trustProxy).toBe('loopback, 10.0.0.0/8');
    expect(readSettings({ TRUST_PROXY: 'false' }).trustProxy).toBeUndefined();
  });

  it('calls an SMS gateway as configured, and by default with JSON', () => {
    const url = 'https://sms.example.com/send';
    expect(readSettings({}).smsGateway).toBeUndefined();
    expect(readSettings({ SMS_GATEWAY_URL: url }).smsGateway).toEqual({
      url,
      method: 'POST',
      headers: {},
      contentType: 'application/json',
      body: '{"to":"{recipient}","text":"{text}"}',
    });
    const form = { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=utf-8', 'X-Key': 'secret' };
    const configured = {
      SMS_GATEWAY_URL: url,
      SMS_GATEWAY_METHOD: 'PUT',
      SMS_GATEWAY_HEADERS: JSON.stringify(form),
      SMS_GATEWAY_BODY: 'to={recipient}&text={text}',
    };
    expect(readSettings(configured).smsGateway).toEqual({
      url,
      method: 'PUT',
      headers: { 'X-Key': 'secret' },
      contentType: 'application/x-www-form-urlencoded',
      body: configured.SMS_GATEWAY_BODY,
    });
  });

  it.each([
    ['SMS_GATEWAY_METHOD', 'GET'],
    ['SMS_GATEWAY_HEADERS', 'X-Key: secret'],
    ['SMS_GATEWAY_HEADERS', '{"X-Key": 1}'],
    ['SMS_GATEWAY_HEADERS', '{"content-type": "application/xml"}'],
    ['SMS_GATEWAY_BODY', 'to={recipient}'],
    ['SMTP_URL', 'https://mail.example.com'],
  ])('refuses %s=%s', (name, value) => {
    expect(faultsOf({ [name]: value }).map((fault) => fault.split(' ')[0])).toEqual([name]);
  });
});
