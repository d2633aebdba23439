import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { OperatorError } from '@muniment/archive/errors'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { claimSlot, slotInWords } from '@muniment/archive/work-slot/work-slot'
import { loadKey } from './ledger.ts'

export { leaveSlot } from '@muniment/archive/work-slot/work-slot'

const held = new Set<string>()

/**
 * A lock on a staging folder that the operating system drops with the process: an open DuckDB file. Undefined while another
 * process, or another load in this one, holds it.
 */
export async function lockStaging(staging: string): Promise<(() => void) | undefined> {
  const path = join(staging, 'lock.duckdb')
  if (held.has(path)) return undefined
  held.add(path)
  try {
    const instance = await DuckDBInstance.create(path)
    const connection = await instance.connect()
    return () => {
      connection.closeSync()
      instance.closeSync()
      held.delete(path)
    }
  } catch (error) {
    held.delete(path)
    // The path is in the message too, so that the word lock alone says nothing.
    if (error instanceof Error && /could not set lock|conflicting lock/i.test(error.message)) return undefined
    throw new OperatorError(`${staging} cannot be used; it holds no records. Remove it and load again.`, {
      cause: error,
    })
  }
}

export interface SlotOptions {
  store: ObjectStore
  application: string
  load: string
  /** Folder of the loads of this application being staged. */
  stagingRoot: string
}

/** Ends a load that stopped before its commit: its objects were never visible. */
async function endAbandoned({ store, application }: SlotOptions, work: string) {
  const committed = await store.head(loadKey(application, work))
  if (!committed) {
    const name = new RegExp(`/part-${work.slice(0, 8)}-\\d+\\.parquet$`)
    for await (const { key, etag } of store.list(`archive/${application}/`))
      if (name.test(key)) await store.remove(key, etag)
  }
}

/**
 * Takes the work slot for a load, resuming it when the slot names it already. A load that stopped before its commit is
 * ended; anything else that is under way is an OperatorError.
 */
export async function takeSlot(options: SlotOptions): Promise<void> {
  const { store, application, load, stagingRoot } = options
  for (let attempt = 0; attempt < 5; attempt++) {
    const there = await claimSlot(store, application, { kind: 'load', work: load })
    if (there === 'ours') return
    const { object, slot } = there
    if (slot?.kind !== 'load') throw new OperatorError(`${slotInWords(application, slot)}. Load when it has ended.`)
    // Its folder may have been removed, since it holds no records; then nobody works in it.
    const abandoned = join(stagingRoot, slot.work)
    await mkdir(abandoned, { recursive: true })
    const release = await lockStaging(abandoned)
    if (!release) throw new OperatorError(`Load ${slot.work} of ${application} is under way; load when it has ended.`)
    try {
      await endAbandoned(options, slot.work)
      await store.remove(object.key, object.etag)
      // Last, because the lock goes with it: who resumed that load now must find its slot gone.
      await rm(abandoned, { recursive: true, force: true })
    } catch (error) {
      // It ended by itself meanwhile, and another one took its place.
      if (!(error instanceof ConflictError)) throw error
    } finally {
      release()
    }
  }
  throw new OperatorError(`The work slot of ${application} could not be taken.`)
}
