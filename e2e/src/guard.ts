import * as anchors from '@muniment/ingest/sample/pas/anchors'
import type { BrowserContext, Page, Request } from '@playwright/test'

/** Kinds of anchor values that lead to a person; codes, counts and the like do not. */
const personal = /name|number|birthDate|email|phone|iban|plate/i
// Short or common enough to stand in an address without being about anybody.
const tooShort = 5

function textsOf(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return personal.test(key) && value.length >= tooShort ? [value] : []
  if (Array.isArray(value)) return value.flatMap((item) => textsOf(item, key))
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, item]) => textsOf(item, name))
  }
  return []
}

/** Names, dates of birth, numbers and the like of every known record of the sample. */
const knownCanaries = textsOf(Object.values(anchors))

const folded = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()

function decoded(address: string): string {
  const spaced = address.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}

export interface Guard {
  /** Adds values that must not get into an address, a title or the browser's storage in this test. */
  private(...values: string[]): void
  /** A message in the console that this test provokes on purpose. */
  expectConsole(message: RegExp): void
  /** A violation of the content policy that this test provokes on purpose, by directive. */
  expectViolation(directive: RegExp): void
}

/**
 * What holds on every page: the content policy is never violated, nothing is logged as an error, nothing is fetched from anywhere
 * else, and no personal data gets to where a browser or a proxy would keep it.
 */
export class ContextGuard implements Guard {
  readonly #canaries = new Set(knownCanaries.map(folded))
  readonly #expected: RegExp[] = []
  readonly #provoked: RegExp[] = []
  readonly #violations: string[] = []
  readonly #logged: string[] = []
  readonly #faults: string[] = []
  readonly #kept: string[] = []
  readonly #origins: ReadonlySet<string>

  /** `also`: origins that pages lead to on purpose, for sign-in and files. */
  constructor(origin: string, also: readonly string[] = []) {
    this.#origins = new Set([new URL(origin).origin, ...also])
  }

  private(...values: string[]): void {
    for (const value of values) this.#canaries.add(folded(value))
  }

  expectConsole(message: RegExp): void {
    this.#expected.push(message)
  }

  expectViolation(directive: RegExp): void {
    this.#provoked.push(directive)
  }

  async watch(context: BrowserContext): Promise<void> {
    await context.exposeBinding('muniment_reportViolation', (_source, what: string) => this.#violations.push(what))
    await context.exposeBinding('muniment_reportTitle', (_source, title: string) => this.#kept.push(`title ${title}`))
    await context.addInitScript(reportFromPage)
    context.on('console', (message) => {
      if (message.type() === 'error') this.#logged.push(message.text())
    })
    context.on('weberror', (error) => this.#faults.push(`Uncaught in the page: ${error.error()}`))
    context.on('request', (request) => this.#look(request))
    context.on('page', (page) => page.on('framenavigated', (frame) => this.#kept.push(`address ${frame.url()}`)))
  }

  #look(request: Request): void {
    const address = request.url()
    this.#kept.push(`address ${address}`)
    if (/^(blob|data):/.test(address)) return
    if (!this.#origins.has(new URL(address).origin)) this.#faults.push(`Fetched from elsewhere: ${address}`)
  }

  /** Looks at what the pages keep, then throws with everything that was seen. */
  async assess(context: BrowserContext): Promise<void> {
    for (const page of context.pages()) this.#kept.push(...(await storedBy(page)))
    const faults = [
      ...this.#faults,
      ...this.#violations
        .filter((text) => !this.#provoked.some((pattern) => pattern.test(text)))
        .map((text) => `The content policy was violated: ${text}`),
      ...this.#logged
        .filter((text) => !this.#expected.some((pattern) => pattern.test(text)))
        .map((text) => `Error in the console: ${text}`),
      ...this.#kept.flatMap((text) => this.#leaks(text)),
    ]
    if (faults.length > 0) throw new Error([...new Set(faults)].join('\n'))
  }

  #leaks(text: string): string[] {
    const seen = folded(decoded(text))
    return [...this.#canaries].filter((value) => seen.includes(value)).map((value) => `"${value}" in ${text}`)
  }
}

function reportFromPage() {
  const report = window as unknown as Record<string, ((text: string) => void) | undefined>
  document.addEventListener('securitypolicyviolation', (event) =>
    report.muniment_reportViolation?.(
      `${event.violatedDirective}, ${event.blockedURI}, ${event.sourceFile}:${event.lineNumber} ${event.sample}`,
    ),
  )
  let title = ''
  new MutationObserver(() => {
    // Each report is a round trip to the test.
    if (document.title === title) return
    title = document.title
    report.muniment_reportTitle?.(title)
  }).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
  })
}

async function storedBy(page: Page): Promise<string[]> {
  if (page.isClosed() || !page.url().startsWith('http')) return []
  const look = () =>
    page.evaluate(() =>
      [localStorage, sessionStorage].flatMap((area) =>
        Object.entries(area).map(([key, value]) => `storage ${key}: ${value}`),
      ),
    )
  try {
    return await look()
  } catch {
    // A page that was just loaded may be on its way to the provider and back.
    await page.waitForURL((address) => !/^\/(oidc|signed-in)/.test(address.pathname))
    await page.waitForLoadState('networkidle')
    return look()
  }
}
