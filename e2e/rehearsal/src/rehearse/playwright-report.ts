interface Suite {
  readonly title: string
  readonly suites?: readonly Suite[]
  readonly specs?: readonly Spec[]
}

interface Spec {
  readonly title: string
  readonly tests: readonly {
    readonly status: 'skipped' | 'expected' | 'unexpected' | 'flaky'
    readonly results: readonly {
      readonly duration: number
      readonly errors?: readonly { readonly message?: string }[]
    }[]
  }[]
}

export interface BrowserTest {
  /** File and test, with what stands between them. */
  readonly title: string
  readonly seconds: number
  /** Where it failed. */
  readonly problem?: string
}

/** What Playwright's JSON report says of each test that was not skipped. */
export function playwrightTests(text: string): BrowserTest[] {
  const { suites, errors = [] } = JSON.parse(text) as { suites: Suite[]; errors?: { message?: string }[] }
  const tests = suites.flatMap((suite) => testsIn(suite, []))
  // Of what kept it from running at all.
  const broken = errors.map(({ message = '' }) => ({ title: 'Playwright', seconds: 0, problem: plain(message) }))
  return [...broken, ...tests]
}

function testsIn({ title, suites = [], specs = [] }: Suite, above: readonly string[]): BrowserTest[] {
  const path = [...above, title.replace(/^.*\//, '').replace(/\.test\.ts$/, '')]
  return [
    ...specs.flatMap((spec) => spec.tests.flatMap((test) => testOf(spec.title, test, path))),
    ...suites.flatMap((suite) => testsIn(suite, path)),
  ]
}

function testOf(title: string, { status, results }: Spec['tests'][number], path: readonly string[]): BrowserTest[] {
  if (status === 'skipped') return []
  const seconds = results.reduce((sum, { duration }) => sum + duration, 0) / 1_000
  const told = { title: [...path, title].join(': '), seconds }
  if (status === 'expected') return [told]
  const messages = results.flatMap(({ errors = [] }) => errors.map(({ message = '' }) => plain(message)))
  return [{ ...told, problem: messages.join('\n') || status }]
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal are control characters
const plain = (text: string): string => text.replaceAll(/\u001b\[\d+(;\d+)*m/g, '')
