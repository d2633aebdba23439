import { afterEach, describe, expect, it } from 'vitest'
import { createGlueCrawlers } from '../../src/catalog/glue/glue-crawlers.ts'
import type { CatalogTable } from '../../src/catalog/port.ts'
import { openGlueWorld, patience } from './glue-world.ts'

let world: Awaited<ReturnType<typeof openGlueWorld>>
afterEach(() => world.close())

const objects = [{ key: 'k', etag: 'e', size: 1, rows: 1, partition: {}, load: 'l' }]
const table = (name: string): CatalogTable => ({
  name,
  domain: 'd',
  columns: [],
  partitionBy: [],
  objects,
  rows: 1,
  bytes: 1,
})
const people = [table('people')]

describe('the crawlers of Glue', () => {
  it('are awaited where they are at work, and started once more', async () => {
    world = await openGlueWorld()
    world.fake.addCrawler('tiny-people', [{ Status: 'FAILED', ErrorMessage: 'before' }, { Status: 'SUCCEEDED' }], 4)
    await world.real.crawl('tiny', people)
    expect(world.fake.runsOf('tiny-people')).toBe(2)
  })

  it('are not started twice when the answer to a start was lost', async () => {
    world = await openGlueWorld()
    world.fake.fail('StartCrawler', 'CrawlerRunningException')
    world.fake.addCrawler('tiny-people', [{ Status: 'SUCCEEDED' }], 0)
    const crawling = world.real.crawl('tiny', people)
    // What was begun all the same.
    await expect.poll(() => world.fake.calls).toContain('StartCrawler')
    world.fake.addCrawler('tiny-people', [{ Status: 'SUCCEEDED' }], 3)
    await crawling
    expect(world.fake.calls.filter((call) => call === 'StartCrawler')).toHaveLength(1)
  })

  it('are started a few at a time', async () => {
    world = await openGlueWorld({ looks: 3 })
    const names = Array.from({ length: 20 }, (_, index) => `t${index}`)
    for (const name of names) world.fake.addCrawler(`tiny-${name}`)
    const crawlers = createGlueCrawlers({
      glue: world.glue,
      name: (application, name) => `${application}-${name}`,
      hasCrawler: async () => true,
      atOnce: 4,
      lookMs: 1,
      longestLookMs: 2,
      patience,
    })
    await crawlers.crawl('tiny', names.map(table))
    expect(names.map((name) => world.fake.runsOf(`tiny-${name}`))).toEqual(names.map(() => 1))
    expect(world.fake.mostRunning()).toBe(4)
  })

  it('are given up after the bound, by name', async () => {
    world = await openGlueWorld({ crawlers: { boundMs: 30, longestLookMs: 5 } })
    world.fake.addCrawler('tiny-people', [], 1_000)
    const failure = world.real.crawl('tiny', people)
    await expect(failure).rejects.toMatchObject({
      detail: { findings: [{ message: expect.stringContaining('The crawler tiny-people is still RUNNING after') }] },
    })
  })

  it('are named where one is not there', async () => {
    world = await openGlueWorld({ crawlers: { hasCrawler: async () => true } })
    await expect(world.real.crawl('tiny', [table('strangers')])).rejects.toMatchObject({
      detail: { findings: [{ message: expect.stringContaining('There is no crawler tiny-strangers') }] },
    })
  })
})
