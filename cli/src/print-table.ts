import { printable } from './printable.ts'

const WIDEST = 40

/** Rows as aligned columns of text, long values cut, for a person at a terminal. */
export function printTable(rows: Record<string, string | null>[]) {
  const [first] = rows
  if (!first) return
  const names = Object.keys(first)
  const lines = [names.map(printable), ...rows.map((row) => names.map((name) => shown(row[name] ?? null)))]
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}

function shown(value: string | null): string {
  const text = printable(value ?? '')
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text
}
