import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Against the stand-in of AWS without an engine: `npm run -w e2e/rehearsal test:ministack`.
export default defineConfig({
  root: join(import.meta.dirname, '..', '..'),
  test: {
    include: ['e2e/rehearsal/test/ministack/*.ministack.ts'],
    globalSetup: join(import.meta.dirname, 'test', 'ministack', 'setup.ts'),
    testTimeout: 120_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
})
