import type { SeenRecord } from '@muniment/archive/audit/port'
import { OperatorError } from '@muniment/archive/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { z } from 'zod'
import { exportKeysKey } from './keys.ts'

/** What the file of an export names, as far as its keys file does not say it itself. */
export interface NamedRecords {
  application: string
  /** By their place in the keys file. */
  tables: string[]
  /** How many the file names; without any there is no keys file. */
  records: number
}

const Line = z.object({ t: z.int(), k: z.array(z.string()) })

/** The keys file is not what the export wrote. */
export class DamagedKeysError extends OperatorError {}

/** The records of an export's file, each once, out of its keys file; one line at a time is in memory. Throws DamagedKeysError. */
export async function* takenRecords(store: ObjectStore, id: string, named: NamedRecords): AsyncGenerator<SeenRecord> {
  const damaged = (cause?: unknown) =>
    new DamagedKeysError('The list of records that an export took along is not whole.', { cause })
  let count = 0
  for await (const line of linesOf(store, exportKeysKey(id))) {
    const record = recordOf(line, named)
    if (!record) throw damaged()
    count++
    yield record
  }
  if (count !== named.records) throw damaged()
}

function recordOf(line: string, { application, tables }: NamedRecords): SeenRecord | undefined {
  try {
    const { t, k } = Line.parse(JSON.parse(line))
    const table = tables[t]
    return table === undefined ? undefined : { application, table, key: k }
  } catch {
    return undefined
  }
}

/** Lines end at LF alone, since JSON may hold U+2028 as it is. */
async function* linesOf(store: ObjectStore, key: string): AsyncGenerator<string> {
  let rest = ''
  const stream = await store.stream(key)
  stream.setEncoding('utf8')
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
