import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { KeptRows } from '../kept-rows.ts'
import { tooLarge } from '../pool/sentences.ts'
import type { ResultColumn, Row, UnloadTarget } from '../port.ts'
import { Failed } from '../worker/failures.ts'
import type { Outlet } from './kept-executions.ts'
import { type KeysFile, keysFile } from './unload/keys-file.ts'
import { type RowsFile, rowsFile } from './unload/rows-file.ts'
import { writtenColumns } from './unload/written-column.ts'

/** Characters of rows after which they are put by. */
const batch = 512 * 1024

/** Keeps a panel's rows for `rows`. */
export function keepRows(kept: KeptRows, byteLimit: number): Outlet {
  let waiting: string[] = []
  let size = 0
  let total = 0
  const flush = async () => {
    if (waiting.length > 0) await kept.append(Buffer.from(`[${waiting.join(',')}]`))
    waiting = []
    size = 0
  }
  const clear = () => {
    waiting = []
    size = 0
    total = 0
  }
  return {
    open: async () => clear(),
    async add(rows) {
      for (const row of rows) {
        const text = JSON.stringify(row)
        size += text.length
        total += text.length
        waiting.push(text)
        if (size >= batch) await flush()
      }
      if (total > byteLimit) throw new Failed(tooLarge(byteLimit))
    },
    finish: async () => {
      await flush()
      return {}
    },
    async discard() {
      clear()
      kept.clear()
    },
  }
}

/** Writes `result.<format>` and `keys.jsonl` into the target's folder, where they are only once they are whole. */
export function writeFiles(target: UnloadTarget, aside: string, keysInMemory: number): Outlet {
  const { folder, format, columns: wanted, keys: places = [] } = target
  const file = path.join(folder, `result.${format}`)
  const keys = path.join(folder, 'keys.jsonl')
  let made: ResultColumn[] = []
  let rowsOut: RowsFile | undefined
  let keysOut: KeysFile | undefined

  async function discard(): Promise<void> {
    await rowsOut?.close().catch(() => undefined)
    await keysOut?.close().catch(() => undefined)
    rowsOut = undefined
    keysOut = undefined
    await rm(`${file}.part`, { force: true })
    await rm(`${keys}.part`, { force: true })
  }

  return {
    async open(columns) {
      const { written, made: found } = writtenColumns(wanted, columns)
      made = found
      if (places.length > 0) keysOut = keysFile(`${keys}.part`, aside, places, columns, keysInMemory)
      rowsOut = await rowsFile(`${file}.part`, format, written)
    },
    async add(rows: Row[]) {
      await rowsOut?.write(rows)
      await keysOut?.add(rows)
    },
    async finish(rows, more) {
      const count = more ? 0 : ((await keysOut?.finish()) ?? 0)
      if (!more) await rowsOut?.finish()
      await rowsOut?.close()
      rowsOut = undefined
      if (!more) {
        if (count > 0) await rename(`${keys}.part`, keys)
        await rename(`${file}.part`, file)
      }
      await discard()
      return { columns: made, rows: more ? 0 : rows, ...(keysAsked(places) && { keys: count }) }
    },
    discard,
  }
}

const keysAsked = (places: readonly unknown[]): boolean => places.length > 0
