import type { TemplateNode } from '../template-tree.ts'
import type { Finding, Query } from '../types.ts'

/** A link that a view writes by itself, as far as its texts say. */
export interface ViewLink {
  useCase: string
  inputs: string[]
  line: number
  column: number
}

export interface ViewReading {
  query: Query
  /** Offsets of the view's lines. */
  starts: number[]
  findings: Finding[]
  links: ViewLink[]
}

export function report(reading: ViewReading, node: TemplateNode, message: string, hint?: string): void {
  reading.findings.push({
    file: reading.query.files.view,
    line: node.lineno + 1,
    column: node.colno + 1,
    message,
    ...(hint ? { hint } : {}),
  })
}
