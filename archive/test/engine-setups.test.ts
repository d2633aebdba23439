import { expect, it } from 'vitest'
import type { CatalogSnapshot } from '../src/catalog/port.ts'
import { Setups } from '../src/engine/setups.ts'
import type { Application } from '../src/model/types.ts'

const snapshot = (version: string): CatalogSnapshot => ({ application: 'tiny', version, crawled: '', tables: [] })

it('a refresh sees what was crawled before it, though an earlier look is still under way', async () => {
  let version = 'old'
  let readEnds: () => void = () => undefined
  const reading = new Promise<void>((resolve) => {
    readEnds = resolve
  })
  const setups = new Setups({
    home: '/home',
    age: 60_000,
    changed: () => undefined,
    loadModel: async () => ({ tables: [], rowRules: {} }) as unknown as Application,
    catalog: {
      async read() {
        const seen = snapshot(version)
        if (version === 'old') await reading
        return seen
      },
      crawl: () => Promise.reject(new Error('not asked')),
    },
  })
  const early = setups.get('tiny')
  version = 'new'
  const refreshed = setups.refresh('tiny')
  readEnds()
  expect((await refreshed).version).toBe('new')
  expect((await early).version).toBe('old')
  expect((await setups.get('tiny')).version).toBe('new')
})
