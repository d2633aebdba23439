import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Result {
  name: string
  value: number
  unit: string
  /** What was hoped for, as text; null where a figure only informs. */
  aim: string | null
  /** Whether the aim was met; null where there is none. */
  met: boolean | null
}

/** `atMost` is the aim, in the unit of the value. */
export function result(name: string, value: number, unit: string, atMost?: number): Result {
  const rounded = Number(value.toPrecision(3))
  if (atMost === undefined) return { name, value: rounded, unit, aim: null, met: null }
  return { name, value: rounded, unit, aim: `at most ${atMost}`, met: value <= atMost }
}

export const quantile = (values: number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
}

export function printTable(results: Result[]) {
  const rows = results.map(({ name, value, unit, aim, met }) => [
    name,
    value.toLocaleString('en', { maximumFractionDigits: 3 }),
    unit,
    aim ?? '',
    met === null ? '' : met ? 'met' : 'MISSED',
  ])
  const head = ['what', 'value', 'unit', 'aim', '']
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  for (const row of [head, ...rows]) {
    console.log(
      row
        .map((cell, column) => (column === 1 ? cell.padStart(widths[1] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join('  '),
    )
  }
}

/** Keeps results of other parts when only some were measured. */
export async function keepResults(folder: string, results: Result[], before: Result[]) {
  const measured = new Set(results.map(({ name }) => name))
  const all = [...before.filter(({ name }) => !measured.has(name)), ...results]
  await writeFile(join(folder, 'results.json'), `${JSON.stringify(all, null, 2)}\n`)
}
