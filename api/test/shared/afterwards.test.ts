import { createLog } from '@muniment/archive/log'
import { expect, it } from 'vitest'
import { createAfterwards } from '../../src/shared/afterwards.ts'

const silent = createLog('api', { level: 'silent' })

it('work goes on after the answer where the process lives on, and is handed over to be awaited', async () => {
  const working: Promise<unknown>[] = []
  const afterwards = createAfterwards((work) => working.push(work), silent)
  const done: string[] = []
  for (const name of ['one', 'other']) await afterwards(async () => done.push(name), {})
  expect(done).toEqual([])
  await Promise.all(working)
  expect(done).toEqual(['one', 'other'])
})

it('work is done before the answer where the process may stop with it', async () => {
  const done: string[] = []
  await createAfterwards(undefined, silent)(async () => done.push('one'), {})
  expect(done).toEqual(['one'])
})

it.each([true, false])(
  'work that fails is told in the log, and fails nothing else (the process lives on: %s)',
  async (lives) => {
    const lines: string[] = []
    const working: Promise<unknown>[] = []
    const log = createLog('api', { destination: { write: (line) => void lines.push(line) } })
    const afterwards = createAfterwards(lives ? (work) => working.push(work) : undefined, log)
    await afterwards(() => Promise.reject(new Error('EROFS')), { entry: 'e-1' })
    await Promise.all(working)
    expect(lines.filter((line) => line.includes('"entry":"e-1"') && line.includes('"fault"'))).toHaveLength(1)
  },
)
