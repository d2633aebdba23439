import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { QueryEngine } from '@muniment/archive/engine/port'
import { emptyReport, type Report } from './agree.ts'
import type { BothEngines } from './both-engines.ts'
import { type ExportCase, exportCases } from './export-cases.ts'

/** A handful of panels, sorted ones among them, written by both engines: the same bytes, and the same keys beside them. */
export async function agreeOnExports({ embedded, athena, templates, work }: BothEngines): Promise<Report> {
  const report = emptyReport()
  for (const one of exportCases(templates)) {
    const [expected, found] = await Promise.all([embedded, athena].map((engine) => written(engine, one, work)))
    report.compared++
    if (expected && expected.rows > 0) report.withRows++
    const differing = expected && found ? filesApart(expected.files, found.files) : 'nothing was written'
    if (differing !== undefined) report.differences.push(`${one.title}\n  ${differing}`)
  }
  return report
}

async function written(engine: QueryEngine, { statement, target }: ExportCase, work: string) {
  const folder = join(work, 'exports', randomUUID())
  await mkdir(folder, { recursive: true })
  const id = await engine.unload(
    statement,
    { folder, ...(await target(engine)) },
    { token: `agree-${randomUUID()}`, lane: 'export', person: 'agree', timeLimit: 120_000, rowLimit: 1_000_000 },
  )
  let execution = await engine.wait(id, 1000)
  while (execution.state === 'QUEUED' || execution.state === 'RUNNING') execution = await engine.wait(id, 1000)
  const files = new Map<string, string>()
  for (const name of (await readdir(folder)).sort()) {
    const text = await readFile(join(folder, name), 'utf8')
    // Which of the keys comes first is nobody's.
    files.set(name, name.startsWith('keys') ? text.split('\n').sort().join('\n') : text)
  }
  if (execution.state !== 'SUCCEEDED') files.set('failure', execution.error?.kind ?? execution.state)
  return { files, rows: execution.result?.rows ?? 0 }
}

/** What of two folders is not the same in every byte; undefined where all is. */
export function filesApart(
  embedded: ReadonlyMap<string, string>,
  athena: ReadonlyMap<string, string>,
): string | undefined {
  const names = [[...embedded.keys()].join(', '), [...athena.keys()].join(', ')]
  if (names[0] !== names[1]) return `embedded wrote ${names[0]}, Athena ${names[1]}`
  for (const [name, text] of embedded) {
    const other = athena.get(name) ?? ''
    if (text === other) continue
    const [lines, others] = [text.split('\n'), other.split('\n')]
    const at = lines.findIndex((line, index) => line !== others[index])
    return `${name}, line ${at + 1}:\n  embedded ${lines[at] ?? 'ends'}\n  Athena   ${others[at] ?? 'ends'}`
  }
  return undefined
}
