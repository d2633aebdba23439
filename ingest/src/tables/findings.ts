import type { AcceptanceRule, Table } from '@muniment/archive/model/types'
import { ACCEPTABLE, type DeviationKind } from '../outcome.ts'

/** What is wrong with a table, by kind and column, with the rule that accepts it if there is one. */
export interface Finding {
  kind: DeviationKind
  table?: string
  file?: string
  /** Columns by their names in the model. */
  columns: string[]
  /** Records. */
  count: number
  message: string
  /** Where in the file, for findings that are not about records. */
  line?: number
  /** Column as the source names it, where the model may not know it. */
  source?: string
  rule?: AcceptanceRule
}

function covers(rule: AcceptanceRule, { kind, columns }: Finding): boolean {
  return rule.kind === kind && (rule.column === undefined || columns.includes(rule.column))
}

/** The model's rule for it, unless there is none or it is over what the rule allows. */
export function judge(table: Table | undefined, finding: Finding): Finding {
  if (!(ACCEPTABLE as readonly string[]).includes(finding.kind)) return finding
  const rule = table?.accept.find((candidate) => covers(candidate, finding))
  if (!rule || (rule.atMost !== undefined && finding.count > rule.atMost)) return finding
  return { ...finding, rule }
}
