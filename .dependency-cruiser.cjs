/** The layers (docs/adr/0022): main → app → APIs, admin, sandbox → approvals, accounts, messages, pades → platform. */
const apis = ['sign-request', 'signature', 'otp'];
const shared = ['approvals', 'accounts', 'messages', 'pades'];

/** Where requests are read and answers written. */
const httpEdge = [
  '^src/(main|app)\\.ts$',
  // Controllers with their interceptors, and guards with their strategies.
  '\\.(controller|answers|guard|strategy|strategies)(\\.spec)?\\.ts$',
  '^src/sign-request/portal/page\\.ts$',
  '^src/platform/(auth|envelope|http|openapi)/',
  '^src/platform/(health/health\\.module|observability/metrics)\\.ts$',
];

module.exports = {
  forbidden: [
    ...apis.map((api) => ({
      name: `${api}-is-independent`,
      comment: 'An API speaks one vendor; what two of them need belongs to a shared module.',
      severity: 'error',
      from: { path: `^src/${api}/` },
      to: { path: `^src/(${apis.filter((other) => other !== api).join('|')}|admin|sandbox)/` },
    })),
    {
      name: 'shared-modules-know-no-api',
      comment: 'Approvals, accounts and messages serve every API, so they may depend on none.',
      severity: 'error',
      from: { path: `^src/(${shared.join('|')})/` },
      to: { path: `^src/(?!${shared.join('|')}|platform)` },
    },
    {
      name: 'platform-knows-no-domain',
      comment: 'The technical ground carries every module, so it may depend on none.',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/(?!platform/)' },
    },
    {
      name: 'pades-is-a-package',
      comment: 'Reading and signing PDFs needs no server: it must be fit to be published alone.',
      severity: 'error',
      from: { path: '^src/pades/', pathNot: '\\.spec\\.ts$' },
      to: { path: '(^src/(?!pades/)|node_modules/@nestjs/)' },
    },
    {
      name: 'admin-knows-no-sandbox',
      comment: 'Administration must work in production, where the sandbox does not exist.',
      severity: 'error',
      from: { path: '^src/admin/' },
      to: { path: '^src/sandbox/' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one thing, or three.',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-the-http-edge-knows-express',
      comment: 'A use case must be callable without a request, and its tests without a server.',
      severity: 'error',
      from: { path: '^src/', pathNot: httpEdge },
      to: { path: 'node_modules/(@types/)?express|@nestjs/platform-express' },
    },
    {
      name: 'no-test-code-in-the-server',
      comment: 'What only tests need must not be shipped.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: '(^test/|\\.spec\\.ts$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
