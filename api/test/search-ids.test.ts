import { expect, it } from 'vitest'
import { newSearchId, timeOf } from '../src/shared/ids.ts'

const now = Date.now() + 10 * 24 * 3_600_000

it('orders ids as they were made, also where the clock is set back a little', () => {
  const ids = [now, now, now - 30_000, now + 1].map((time) => newSearchId(new Date(time)))
  expect([...ids].sort()).toEqual(ids)
})

it('follows a clock that had been wrong by more', () => {
  newSearchId(new Date(now + 24 * 3_600_000))
  expect(timeOf(newSearchId(new Date(now)))).toBe(now)
})
