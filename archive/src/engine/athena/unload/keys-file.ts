import { createHash } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type { ResultColumn, Row } from '../../port.ts'
import { Refused } from '../../worker/failures.ts'
import { decimalInText, jsonText } from './embedded-texts.ts'
import { type TextFile, textFile } from './text-file.ts'
import { columnOf } from './written-column.ts'

/** Files among which keys are divided once they are too many for memory: each is told apart by itself then. */
const parts = 64

export interface KeysFile {
  add(rows: readonly Row[]): Promise<void>
  /** Writes the file; gives its lines. There is none where there are no keys. */
  finish(): Promise<number>
  close(): Promise<void>
}

/** The distinct keys of each place (see `UnloadTarget.keys`). `aside`: a path for a folder of its own, which is removed by `close`. */
export function keysFile(
  file: string,
  aside: string,
  places: readonly string[][][],
  columns: readonly ResultColumn[],
  inMemory: number,
): KeysFile {
  const groups = places.flatMap((place, index) => groupsOf(place, index, columns))
  let known = new Set<string>()
  let spilt: TextFile[] | undefined

  async function spill(): Promise<void> {
    if (!spilt) {
      await mkdir(aside)
      spilt = await Promise.all(Array.from({ length: parts }, (_, part) => textFile(partOf(part))))
    }
    for (const line of known) await spilt[hashOf(line)]?.write(`${line}\n`)
    known = new Set()
  }

  const partOf = (part: number) => path.join(aside, `keys-${part}`)

  async function* distinct(): AsyncGenerator<Set<string>> {
    if (!spilt) return yield known
    await spill()
    for (const part of spilt) await part.close()
    spilt = []
    for (let part = 0; part < parts; part++) {
      const text = await readFile(partOf(part), 'utf8')
      yield new Set(text.split('\n').slice(0, -1))
    }
  }

  return {
    async add(rows) {
      for (const row of rows) for (const lineOf of groups) addTo(known, lineOf(row))
      if (known.size > inMemory) await spill()
    },
    async finish() {
      let count = 0
      let out: TextFile | undefined
      try {
        for await (const lines of distinct()) {
          if (lines.size === 0) continue
          out ??= await textFile(file)
          count += lines.size
          for (const line of lines) await out.write(`${line}\n`)
        }
      } finally {
        await out?.close()
      }
      return count
    },
    async close() {
      for (const part of spilt ?? []) await part.close().catch(() => undefined)
      await rm(aside, { recursive: true, force: true })
    },
  }
}

function groupsOf(
  place: readonly string[][],
  index: number,
  columns: readonly ResultColumn[],
): ((row: Row) => string | undefined)[] {
  const [first = []] = place
  if (first.length === 0 || place.some((group) => group.length !== first.length))
    throw new Refused('The columns of a key are not as many as those of the others of its kind.')
  return place.map((group) => {
    const found = group.map((name) => columnOf(columns, name))
    for (const { column } of found)
      if (column.type === 'double')
        throw new Refused(`The column "${column.name}" is a double, by which nothing can be named.`)
    return (row) => {
      const key: string[] = []
      for (const { place, column } of found) {
        const text = row[place] ?? null
        if (text === null) return undefined
        key.push(jsonText(decimalInText(column.type, text)))
      }
      return `{"t":${index},"k":[${key.join(',')}]}`
    }
  })
}

function addTo(known: Set<string>, line: string | undefined): void {
  if (line !== undefined) known.add(line)
}

const hashOf = (line: string): number => (createHash('md5').update(line).digest()[0] ?? 0) % parts
