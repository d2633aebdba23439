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

/** The model's rules for a table's findings. A rule allows its number of rows once, however many columns they are found in. */
export function judgeAll(table: Table | undefined, findings: readonly Finding[]): Finding[] {
  const ruleOf = (finding: Finding) =>
    (ACCEPTABLE as readonly string[]).includes(finding.kind)
      ? table?.accept.find((candidate) => covers(candidate, finding))
      : undefined
  const counts = new Map<AcceptanceRule, number>()
  for (const finding of findings) {
    const rule = ruleOf(finding)
    if (rule) counts.set(rule, (counts.get(rule) ?? 0) + finding.count)
  }
  return findings.map((finding) => {
    const rule = ruleOf(finding)
    const count = rule ? (counts.get(rule) ?? 0) : 0
    return rule && count <= (rule.atMost ?? count) ? { ...finding, rule } : finding
  })
}
