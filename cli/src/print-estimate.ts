import type { Estimate } from '@muniment/api/contract'
import { printable } from './printable.ts'

/** What a search would read at most; that it would be refused makes the command fail. */
export function printEstimate(told: Estimate, format: 'table' | 'json' | 'csv'): void {
  if (told.refused !== undefined) process.exitCode = 1
  if (format === 'json') {
    console.log(JSON.stringify(told))
    return
  }
  const bytes = (count: number | undefined) =>
    count === undefined ? 'not known' : `${count.toLocaleString('en')} bytes`
  if (told.panels.length > 1)
    for (const { title, bytesAtMost } of told.panels) console.log(printable(`${title}: ${bytes(bytesAtMost)}`))
  const price = told.priceAtMost === undefined ? '' : `, $${told.priceAtMost.toFixed(5)}`
  console.log(`At most: ${bytes(told.bytesAtMost)}${told.bytesAtMost === undefined ? '' : price}`)
  if (told.budget) console.log(`Budget: ${bytes(told.budget.bytes)}`)
  if (told.refused !== undefined) console.error(printable(`muniment: it would be refused. ${told.refused}`))
}
