// Who may import whom: docs/adr/0001-seams.md and README, "The map".
const ours = '^(archive|query-templates|ingest|retention|api|cli|web|e2e|bench|infra)/'
const only = (folder, allowed) => ({
  name: `${folder}-imports-${allowed.length ? allowed.join('-and-') : 'nothing-of-ours'}`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: { path: ours, pathNot: `^(${[folder, ...allowed].join('|')})/` },
})

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('archive', []),
    only('query-templates', ['archive']),
    only('ingest', ['archive']),
    only('retention/src', ['retention', 'archive']),
    // Its tests load what they destroy.
    only('retention/test', ['retention', 'archive', 'ingest/test']),
    only('api/src', ['api', 'archive', 'query-templates', 'retention']),
    // Its tests answer from the sample system, which the command line's load.
    only('api/test', ['api', 'archive', 'query-templates', 'retention', 'cli/test']),
    {
      name: 'infra-imports-names-and-models',
      severity: 'error',
      from: { path: '^infra/' },
      to: {
        path: ours,
        // Functions are built from their entry points, which the CDK's bundler reads and no module here imports.
        pathNot:
          '^(infra/|archive/src/(layout|engine/price|identity/settings|access/sample-rules|model/(load|types))[.]ts$|api/src/shared/security-headers[.]ts$)',
      },
    },
    {
      name: 'nothing-imports-infra',
      severity: 'error',
      // A test holds the names that commands use against those that are deployed.
      from: { pathNot: '^(infra|e2e|cli/test)/' },
      to: { path: '^infra/' },
    },
    {
      name: 'web-imports-types-of-api',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: ours, pathNot: '^(web/|api/src/contract[.]ts$)' },
    },
    {
      name: 'web-imports-only-types-of-api',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^api/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'web-features-are-apart',
      severity: 'error',
      from: { path: '^web/src/features/([^/]+)/' },
      to: { path: '^web/src/features/', pathNot: '^web/src/features/$1/' },
    },
    {
      name: 'api-features-are-apart',
      severity: 'error',
      // What runs in AWS is composed in lambda/, as the server is beside the folders.
      from: { path: '^api/src/(?!lambda/)([^/]+)/' },
      to: { path: '^api/src/[^/]+/', pathNot: '^api/src/($1|shared)/' },
    },
    {
      // It goes into Lambda bundles of a few MB: what loads DuckDB or the SQL grammar is not in its reach.
      name: 'athena-engine-is-light',
      severity: 'error',
      from: { path: '^archive/src/engine/athena/' },
      to: { path: '^archive/src/engine/(dialect/|duckdb-engine|worker/(?!failures))', reachable: true },
    },
    { name: 'source-imports-no-test', severity: 'error', from: { pathNot: '/test/' }, to: { path: '^[^/]+/test/' } },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules|dist|cdk[.]out)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.css'],
    },
  },
}
