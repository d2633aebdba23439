import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{archive,query-templates,ingest,api,cli,web,e2e/rehearsal}/test/**/*.test.ts', 'web/test/**/*.test.tsx'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // One more than the two cores we count on: tests often wait for a disk or a process.
    maxWorkers: 3,
    // Known, and said once a test file: the rehearsal's SDK clients are pinned.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
})
