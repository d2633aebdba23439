import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Wanted } from '../delivery/csv-scanner.ts'
import type { DeliveryFile } from '../delivery/delivery.ts'
import { locateFields } from '../delivery/prepare.ts'
import type { Deviation } from '../outcome.ts'
import type { Violation } from './constraints.ts'
import type { Finding } from './findings.ts'
import type { Session, SqlRow } from './session.ts'
import { hasState, type Shape, type SourceColumn, typedRelation } from './shape.ts'
import { identifier } from './sql.ts'

/** A finding about records, and how SQL tells whether a record has it. */
interface Listed {
  finding: Finding
  condition: string
  /** Columns whose texts go to quarantine. */
  texts: SourceColumn[]
}

export interface LineSink {
  write(value: unknown): Promise<void>
  close(): Promise<void>
}

export function lineSink(path: string): LineSink {
  const stream: WriteStream = createWriteStream(path)
  return {
    async write(value) {
      if (!stream.write(`${JSON.stringify(value)}\n`)) await once(stream, 'drain')
    },
    async close() {
      stream.end()
      await finished(stream)
    },
  }
}

/** Records looked up in the file at a time: bounds memory, each batch reads the file once more. */
const BATCH = 200_000

function conditionOf(shape: Shape, finding: Finding, violation: Violation | undefined): Listed | undefined {
  const texts = finding.columns.flatMap((name) => shape.columns.filter(({ column }) => column.name === name))
  const [first] = texts
  if (!first) return undefined
  if (violation) {
    const pairs = texts
      .map(({ place, column }) => `x.${identifier(column.name)} IS NOT DISTINCT FROM v${place}`)
      .join(' AND ')
    return { finding, texts, condition: `EXISTS (SELECT 1 FROM ${identifier(violation.values)} x WHERE ${pairs})` }
  }
  if (finding.kind === 'cast') return { finding, texts, condition: `s${first.place} = 1` }
  if (finding.kind === 'precision') return { finding, texts, condition: `s${first.place} = 2` }
  if (finding.kind === 'null') return { finding, texts, condition: `t${first.place} IS NULL` }
  return undefined
}

interface Entry extends Wanted {
  listed: Listed
  values: (string | null)[]
  key: (string | null)[]
}

export interface ListingOptions {
  session: Session
  shape: Shape
  file: DeliveryFile
  findings: { finding: Finding; violation?: Violation }[]
  deviations: LineSink
  quarantine: LineSink
  /** Told of each deviation that is listed. */
  listed: (deviation: Deviation) => void
  /** Of a refused finding at most this many records are listed; accepted ones are listed whole. */
  limit: number
}

function deviationOf(
  { listed: { finding, texts }, record }: Entry,
  file: DeliveryFile,
  line: number | undefined,
): Deviation {
  const column = texts[0]?.column.source
  return {
    kind: finding.kind,
    ...(finding.table === undefined ? {} : { table: finding.table }),
    file: file.name,
    line: line ?? record,
    ...(column === undefined ? {} : { column }),
    message: finding.message,
    accepted: finding.rule !== undefined,
  }
}

/**
 * Lists every record that deviates: place and kind among the deviations, the text itself in quarantine with the record's key. Gives the
 * number of records that have a deviation no rule accepts.
 */
export async function listDeviations(options: ListingOptions): Promise<number> {
  const { session, shape, file, deviations, quarantine, limit } = options
  const listed = options.findings.flatMap(({ finding, violation }) => conditionOf(shape, finding, violation) ?? [])
  if (listed.length === 0) return 0
  const keys = shape.table.primaryKey.flatMap((name) => shape.columns.filter(({ column }) => column.name === name))
  const shown = [...new Set([...keys, ...listed.flatMap(({ texts }) => texts)])]
  const used = new Set(shown)
  const narrow = { ...shape, columns: shape.columns.filter((source) => used.has(source)) }
  const relation = typedRelation(narrow, { states: hasState, texts: true, numbered: true })
  const flags = listed.map(({ condition }, index) => `coalesce(${condition}, false) AS d${index}`)
  const select = `SELECT * FROM (SELECT record, ${shown.map(({ place }) => `t${place}`).join(', ')}, ${flags.join(', ')}
    FROM ${relation}) WHERE ${listed.map((_, index) => `d${index}`).join(' OR ')} ORDER BY record`

  let refused = 0
  const counts = listed.map(() => 0)
  let batch: Entry[] = []
  const flush = async () => {
    const wanted = batch.sort((a, b) => a.record - b.record || a.field - b.field)
    const lines = await locateFields(file, shape.table, wanted)
    for (const [index, entry] of wanted.entries()) {
      const deviation = deviationOf(entry, file, lines[index])
      options.listed(deviation)
      await deviations.write(deviation)
      const { kind, line, column } = deviation
      await quarantine.write({ kind, file: file.name, line, column, key: entry.key, value: entry.values })
    }
    batch = []
  }
  const take = async (row: SqlRow) => {
    let isRefused = false
    for (const [index, item] of listed.entries()) {
      if (row[`d${index}`] !== 'true') continue
      const accepted = item.finding.rule !== undefined
      isRefused ||= !accepted
      counts[index] = (counts[index] ?? 0) + 1
      if (!accepted && (counts[index] ?? 0) > limit) continue
      const value = (source: SourceColumn) => row[`t${source.place}`] ?? null
      const field = item.texts[0]?.field ?? 0
      batch.push({
        record: Number(row.record),
        field,
        listed: item,
        values: item.texts.map(value),
        key: keys.map(value),
      })
    }
    if (isRefused) refused++
    if (batch.length >= BATCH) await flush()
  }
  await session.each(select, take)
  if (batch.length > 0) await flush()
  return refused
}
