import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { slotKey } from '@muniment/archive/layout'
import { openFileStore } from '@muniment/archive/store/file-store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { executeRun } from '../../src/execute/execute-run.ts'
import { DUE, depsOver, type Materials, makeMaterials, numberOf, RUN, rowsLeft, seed } from './run-world.ts'

/** 20 by `npm run endure`, and more by `npm run kills`. */
const KILLS = Number(process.env.MUNIMENT_KILLS ?? 4)

let materials: Materials
beforeAll(async () => {
  materials = await makeMaterials()
})
afterAll(() => materials.close())

const child = new URL('./kill-child.ts', import.meta.url).pathname

/** Starts the run elsewhere; gives the milliseconds that it took, or undefined where it was killed `after` so many. */
async function runElsewhere(home: string, after?: number): Promise<number | undefined> {
  const other = spawn(process.execPath, ['--import', 'tsx', child, home, materials.folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(other, 'exit')
  await once(other.stdout, 'data')
  const begun = performance.now()
  if (after !== undefined) {
    await Promise.race([sleep(after), ended])
    other.kill('SIGKILL')
  }
  const [code] = await ended
  return code === 0 ? performance.now() - begun : undefined
}

it(`is ended by whoever comes after it was killed, ${KILLS} times at random moments`, {
  timeout: 60_000 + KILLS * 60_000,
}, async () => {
  let longest = 1_000
  let killed = 0
  let amid = 0
  for (let number = -1; killed < KILLS && number < 4 * KILLS; number++) {
    const home = await mkdtemp(join(tmpdir(), 'muniment-kills-'))
    try {
      const store = openFileStore(home)
      await seed(store, materials)
      const before: Record<string, string[]> = {}
      for (const table of ['covers', 'policies']) before[table] = await rowsLeft(store, materials, table)
      // The first of them is not killed: by it the moments are chosen.
      const took = await runElsewhere(home, number < 0 ? undefined : Math.random() * longest)
      if (number < 0) longest = took ?? longest
      if (took === undefined) {
        killed++
        if (await store.head(slotKey('app'))) amid++
      }
      const work = join(home, '.work', 'retention')
      expect(await executeRun(depsOver(store, materials, work), RUN)).toEqual({
        state: 'executed',
        destroyed: 9,
        objects: 3,
      })
      for (const table of ['covers', 'policies'])
        expect(await rowsLeft(store, materials, table)).toEqual(
          before[table]?.filter((row) => !DUE[table]?.includes(numberOf(row))),
        )
      expect((await depsOver(store, materials, work).catalog.crawl('app')).drift).toEqual([])
      expect(await store.head(slotKey('app'))).toBeUndefined()
      expect(await readdir(work)).toEqual([])
    } finally {
      await rm(home, { recursive: true, force: true })
    }
  }
  console.log(
    `Kills: ${killed}, of which ${amid} while the run had the work slot; a whole run takes ${Math.round(longest)} ms`,
  )
  expect(killed).toBe(KILLS)
  expect(amid).toBeGreaterThan(0)
})
