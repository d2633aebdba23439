import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** These stub their process's environment and console, fake its clock or measure its memory; or they only wait for processes. */
const alone = [
  'cli/test/nycflights.test.ts',
  'cli/test/{access,access-begin,logged,publish,report,sample,start}.test.ts',
  'ingest/test/progress-bar.test.ts',
  'archive/test/home.test.ts',
  'archive/test/store/*.test.ts',
  'infra/test/aws-edge.test.ts',
]

/** They take longest, so that they begin first and none is left to run by itself at the end. */
const longest = [
  'cli/test/nycflights.test.ts',
  'cli/test/pas-examples.test.ts',
  'ingest/test/resume.test.ts',
  'archive/test/engine-limits.test.ts',
  'api/test/exports.test.ts',
  'cli/test/audit.test.ts',
  'ingest/test/seal/seals.test.ts',
  'ingest/test/deviations.test.ts',
  'cli/test/add-a-use-case.test.ts',
  'ingest/test/parquet.test.ts',
  'ingest/test/faults.test.ts',
  'retention/test/execute/faults.test.ts',
  'retention/test/execute/kills.test.ts',
  'cli/test/start.test.ts',
  'archive/test/home.test.ts',
  'archive/test/engine-jail.test.ts',
  'archive/test/audit/tampering.test.ts',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((path) => moduleId.endsWith(`/${path}`))
      return at < 0 ? longest.length : at
    }
    // A process is kept for the next file of its project only, so that files of one project stay together.
    const project = (file: TestSpecification) => (file.project.name === 'alone' ? 0 : 1)
    return (await super.sort(files)).sort((a, b) => project(a) - project(b) || rank(a) - rank(b))
  }
}

/** Each process that loads the CDK and synthesises once pays 8 s for it: one has them all, beside the static checks of `npm test`. */
const infra = 'infra/test/**/*.test.ts'

const files = [
  '{archive,query-templates,ingest,retention,api,cli,web,e2e/rehearsal}/test/**/*.test.ts',
  'web/test/**/*.test.tsx',
]

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // One more than the two cores we count on: tests often wait for a disk or a process.
    maxWorkers: 3,
    // Known, and said once a test file: the rehearsal's SDK clients are pinned.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'infra',
          include: [infra],
          exclude: ['**/node_modules/**', ...alone],
          isolate: false,
          maxWorkers: 1,
        },
      },
      { extends: true, test: { name: 'alone', include: alone, sequence: { groupOrder: 1 } } },
      // To load what a file imports costs more than most files' tests do: one process runs many files.
      {
        extends: true,
        test: {
          name: 'shared',
          include: files,
          exclude: ['**/node_modules/**', ...alone],
          isolate: false,
          globalSetup: 'cli/test/run-folder.ts',
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
