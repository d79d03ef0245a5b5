/** The name under which the key of a demo user's device is kept. */
export const demoDeviceKey = (userId: string): string => `device of ${userId}`;

/** Whoever the sandbox plays. Their secrets are public, which is why none of this exists in production. */
export const demo = {
  tenantId: 'demo',
  tenantToken: 'demo-tenant-token',
  oauthClient: { clientId: 'demo-client', clientSecret: 'demo-secret' },
  relyingParty: { clientId: 'test-client-id', name: 'Demo relying party' },
  users: [
    { userId: 'alice', displayName: 'Alice' },
    { userId: 'bob', displayName: 'Bob' },
  ],
} as const;
