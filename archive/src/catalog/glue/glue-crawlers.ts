import { setTimeout as sleep } from 'node:timers/promises'
import { type Crawler, GetCrawlerCommand, type GlueClient, StartCrawlerCommand } from '@aws-sdk/client-glue'
import { OperatorError } from '../../errors.ts'
import { atMost } from '../at-most.ts'
import { askGlue, glueErrorName, type Patience, usualPatience } from './ask-glue.ts'
import type { TableCrawler } from './port.ts'

export interface GlueCrawlersOptions {
  glue: GlueClient
  name: (application: string, table: string) => string
  /** Tables that have a crawler; others are left to the comparison that follows. */
  hasCrawler: (application: string, table: string) => Promise<boolean>
  /** Crawlers at work at once. An account has a quota of them. */
  atOnce?: number
  /** Milliseconds between looks at a crawler: the first, and the longest. */
  lookMs?: number
  longestLookMs?: number
  /** Milliseconds after which a crawler is given up. */
  boundMs?: number
  patience?: Patience
}

/** Told apart from the run before. */
const runOf = ({ LastCrawl }: Crawler) => `${LastCrawl?.StartTime?.getTime() ?? ''} ${LastCrawl?.MessagePrefix ?? ''}`

/** Starts Glue's own crawlers, one a table, and waits for them. */
export function createGlueCrawlers(options: GlueCrawlersOptions): TableCrawler {
  const { glue, atOnce = 10, lookMs = 2_000, longestLookMs = 15_000, boundMs = 45 * 60_000 } = options
  const { patience = usualPatience } = options

  async function look(name: string): Promise<Crawler> {
    const { Crawler: found } = await askGlue(
      'glue:GetCrawler',
      () => glue.send(new GetCrawlerCommand({ Name: name })),
      patience,
      ['EntityNotFoundException'],
    ).catch((error: unknown) => {
      if (glueErrorName(error) !== 'EntityNotFoundException') throw error
      throw new OperatorError(`There is no crawler ${name}: deploy the application as its model is now.`, {
        cause: error,
      })
    })
    return found ?? {}
  }

  async function until(name: string, deadline: number, ended: (crawler: Crawler) => boolean): Promise<Crawler> {
    for (let pause = lookMs; ; pause = Math.min(longestLookMs, pause * 1.5)) {
      const crawler = await look(name)
      if (ended(crawler)) return crawler
      if (performance.now() + pause > deadline)
        throw new OperatorError(
          `The crawler ${name} is still ${crawler.State ?? 'at work'} after ${Math.round(boundMs / 60_000)} minutes. Crawl again when it has ended.`,
        )
      await sleep(pause)
    }
  }

  /** One that is at work began before the objects were all there, perhaps: it is awaited, and started once more. */
  async function run(name: string): Promise<string | undefined> {
    const deadline = performance.now() + boundMs
    const before = await until(name, deadline, ({ State }) => State === 'READY')
    // Where somebody else has started it since that look, or the answer to our own start was lost, that run is as good.
    await askGlue('glue:StartCrawler', () => glue.send(new StartCrawlerCommand({ Name: name })), patience, [
      'CrawlerRunningException',
      'CrawlerStoppingException',
    ]).catch((error: unknown) => {
      if (!/^Crawler(Running|Stopping)Exception$/.test(glueErrorName(error))) throw error
    })
    const { LastCrawl } = await until(
      name,
      deadline,
      (crawler) => crawler.State === 'READY' && runOf(crawler) !== runOf(before),
    )
    if (LastCrawl?.Status === 'SUCCEEDED') return undefined
    const logs = LastCrawl?.LogGroup ? ` Its log: ${LastCrawl.LogGroup}, ${LastCrawl.LogStream ?? name}.` : ''
    if (LastCrawl?.Status === 'CANCELLED') return `The crawler ${name} was stopped before it had ended.${logs}`
    return `The crawler ${name} failed: ${LastCrawl?.ErrorMessage ?? 'Glue does not say why'}.${logs}`
  }

  return {
    async crawl(application, tables) {
      const failures: string[] = []
      await atMost(atOnce, tables, async ({ name: table, objects }) => {
        if (objects.length === 0 || !(await options.hasCrawler(application, table))) return
        const failure = await run(options.name(application, table)).catch((error: unknown) => {
          if (error instanceof OperatorError) return error.message
          throw error
        })
        if (failure !== undefined) failures.push(failure)
      })
      if (failures.length === 0) return
      throw new OperatorError(
        `Glue could not crawl ${application}: the catalog is as it was, so that searches go on without what is new.`,
        { detail: { findings: failures.sort().map((message) => ({ message })) } },
      )
    },
  }
}
