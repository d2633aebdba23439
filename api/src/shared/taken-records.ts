import type { SeenRecord } from '@muniment/archive/audit/port'
import { OperatorError } from '@muniment/archive/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { exportKeysKey } from './keys.ts'

/** What the file of an export names, as far as its keys file does not say it itself. */
export interface NamedRecords {
  application: string
  /** By their place in the keys file. */
  tables: string[]
  /** How many the file names; without any there is no keys file. */
  records: number
  /** Those that the rows are about and need not name. */
  about?: SeenRecord[]
}

/** The keys file is not what the export wrote. */
export class DamagedKeysError extends OperatorError {}

/**
 * The records of an export's file: what it is about, and each that its rows name out of its keys file, a piece of it at a time in memory.
 * Throws DamagedKeysError.
 */
export async function* takenRecords(store: ObjectStore, id: string, named: NamedRecords): AsyncGenerator<SeenRecord[]> {
  const damaged = () => new DamagedKeysError('The list of records that an export took along is not whole.')
  const recordOf = (line: string): SeenRecord => {
    const { t, k } = read(line) ?? {}
    const table = typeof t === 'number' ? named.tables[t] : undefined
    if (table === undefined || !Array.isArray(k) || !k.every((text) => typeof text === 'string')) throw damaged()
    return { application: named.application, table, key: k }
  }
  if (named.about && named.about.length > 0) yield named.about
  if (named.records === 0) return
  let [count, rest] = [0, '']
  const stream = await store.stream(exportKeysKey(id))
  stream.setEncoding('utf8')
  for await (const chunk of stream) {
    // Lines end at LF alone, since JSON may hold U+2028 as it is.
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    count += lines.length
    yield lines.map(recordOf)
  }
  if (rest !== '' || count !== named.records) throw damaged()
}

function read(line: string): { t?: unknown; k?: unknown } | undefined {
  try {
    return JSON.parse(line) as { t?: unknown; k?: unknown }
  } catch {
    return undefined
  }
}
