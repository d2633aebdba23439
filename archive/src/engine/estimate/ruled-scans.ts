import { isWord, type Token, tokensOf } from '../athena/sql/tokens.ts'
import type { Restrictions } from '../port.ts'
import { type HiddenKeys, type RowRules, type RuledTable, visibleRows } from '../restrictions/visible-rows.ts'
import { identifier } from '../sql-text.ts'

/** One way through a table, by these columns. */
export interface Scan {
  table: string
  columns: Set<string>
}

/**
 * What row rules read whenever `table` is read: columns of its own, and ways through tables that lead to hidden rows; as Athena does it, which
 * has no place to keep keys between two statements. Undefined where no rule can hide a row of it.
 */
export function ruledScans(
  table: RuledTable,
  tables: ReadonlyMap<string, RuledTable>,
  { rowRules }: Restrictions,
): { columns: Set<string>; scans: Scan[] } | undefined {
  const sets = new Map<string, HiddenKeys>()
  const rules: RowRules = {
    tables,
    inForce: new Set(rowRules),
    everything: identifier,
    keys: (hidden) => {
      const name = `keys ${sets.size}`
      sets.set(name, hidden)
      return identifier(name)
    },
  }
  const visible = visibleRows(table, 't', rules)
  if (!visible) return undefined
  const scans: Scan[] = []
  const follow = (tokens: readonly Token[]) => {
    for (const { kind, text } of tokens)
      for (const branch of (kind === 'name' && sets.get(text)?.branches) || []) {
        const within = tokensOf(branch)
        const from = within[within.findIndex((token) => isWord(token, 'from')) + 1]
        if (from) scans.push({ table: from.text, columns: columnsOf(within, 's') })
        follow(within)
      }
  }
  const own = tokensOf(`${visible.joins} WHERE ${visible.where}`)
  follow(own)
  return { columns: columnsOf(own, 't'), scans }
}

/** `alias."column"` */
const columnsOf = (tokens: readonly Token[], alias: string): Set<string> =>
  new Set(
    tokens.flatMap(({ kind, text }, at) =>
      kind === 'name' && tokens[at - 1]?.text === '.' && isWord(tokens[at - 2], alias) ? [text] : [],
    ),
  )
