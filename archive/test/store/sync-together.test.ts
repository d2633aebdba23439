import type * as fs from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { betweenSyncs, syncTogether } from '../../src/store/sync-together.ts'

type Done = (error: Error | null) => void

/** The disk, as slow as a test wants it. */
const disk = vi.hoisted(() => ({ underWay: new Map<number, (error: Error | null) => void>() }))
vi.mock('node:fs', async (original) => ({
  ...(await original<typeof fs>()),
  fsync: (file: number, done: Done) => void disk.underWay.set(file, done),
}))

beforeEach(() => disk.underWay.clear())

const files = () => [...disk.underWay.keys()]
function end(file: number, error: Error | null = null) {
  disk.underWay.get(file)?.(error)
  disk.underWay.delete(file)
}
const turns = async () => {
  for (let count = 0; count < 5; count++) await turn()
}

describe('what is to be on disk', () => {
  it('is there only once its own fsync has ended', async () => {
    const ended: number[] = []
    const both = [1, 2].map((file) => syncTogether(file).then(() => ended.push(file)))
    await turns()
    expect(files()).toEqual([1, 2])
    expect(ended).toEqual([])
    end(2)
    await turns()
    expect(ended).toEqual([2])
    end(1)
    await Promise.all(both)
    expect(ended).toEqual([2, 1])
  })

  it('goes next where it comes while others are on their way', async () => {
    const first = syncTogether(1)
    await turns()
    const next = [syncTogether(2), syncTogether(3)]
    await turns()
    expect(files()).toEqual([1])
    end(1)
    await first
    await turns()
    expect(files()).toEqual([2, 3])
    for (const file of [2, 3]) end(file)
    await Promise.all(next)
  })

  it('fails for whom its own fsync failed, and for nobody else, then or later', async () => {
    const outcomes = Promise.allSettled([syncTogether(1), syncTogether(2)])
    await turns()
    end(1, new Error('the disk is broken'))
    end(2)
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    const later = syncTogether(3)
    await turns()
    end(3)
    await expect(later).resolves.toBeUndefined()
  })

  it('lets nobody make names while it is on its way', async () => {
    await expect(betweenSyncs()).resolves.toBeUndefined()
    const writing = syncTogether(1)
    await turns()
    let free = false
    const waiting = betweenSyncs().then(() => {
      free = true
    })
    await turns()
    expect(free).toBe(false)
    end(1)
    await Promise.all([writing, waiting])
    expect(free).toBe(true)
  })
})
