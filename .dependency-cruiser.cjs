/** The walls of the house (docs/adr/0001): arrows run app → wings, admin, sandbox → platform. */
const wings = ['sign-request', 'signature', 'otp'];

module.exports = {
  forbidden: [
    ...wings.map((wing) => ({
      name: `${wing}-stands-alone`,
      comment: 'A wing speaks one vendor; what two wings need belongs to the platform.',
      severity: 'error',
      from: { path: `^src/${wing}/` },
      to: { path: `^src/(${wings.filter((other) => other !== wing).join('|')}|admin|sandbox)/` },
    })),
    {
      name: 'platform-knows-no-wing',
      comment: 'The ground floor carries every dialect, so it may depend on none.',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/(?!platform/)' },
    },
    {
      name: 'admin-knows-no-sandbox',
      comment: 'Administration must work in production, where the sandbox does not exist.',
      severity: 'error',
      from: { path: '^src/admin/' },
      to: { path: '^src/sandbox/' },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one thing, or three.',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'services-speak-no-http',
      comment: 'A use case must be callable without a request.',
      severity: 'error',
      from: { path: '^src/.*\\.service\\.ts$', pathNot: '^src/platform/' },
      to: { path: '(node_modules/express/|platform-express)' },
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
