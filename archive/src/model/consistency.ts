import { lineOf } from '../json-lines.ts'
import { checkRowRulesUsed } from './access-consistency.ts'
import type { ModelFinding, ModelSource } from './parse.ts'
import { checkUnique, didYouMean, type Report } from './report.ts'
import { checkTable } from './table-consistency.ts'
import type { Application } from './types.ts'

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

function checkHead(model: Application, report: Report) {
  if (!isTimeZone(model.timeZone))
    report(
      ['timeZone'],
      `"${model.timeZone}" is no time zone`,
      didYouMean(model.timeZone, Intl.supportedValuesOf('timeZone')) ?? 'use an IANA name such as Europe/Berlin',
    )
  checkUnique(
    model.domains.map(({ name }) => name),
    'the domain',
    (index) => ['domains', index, 'name'],
    report,
  )
  checkUnique(
    model.legalEntities.map(({ code }) => code),
    'the legal entity',
    (index) => ['legalEntities', index, 'code'],
    report,
  )
  const tables = model.tables.map(({ name }) => name)
  if (model.personTable !== undefined && !tables.includes(model.personTable))
    report(['personTable'], `there is no table "${model.personTable}"`, didYouMean(model.personTable, tables))
  for (const [name, list] of Object.entries(model.codeLists)) {
    checkUnique(
      list.values.map(({ code }) => code),
      'the code',
      (index) => ['codeLists', name, 'values', index, 'code'],
      report,
    )
    if (list.source && !tables.includes(list.source.table))
      report(
        ['codeLists', name, 'source', 'table'],
        `code list ${name}: there is no table "${list.source.table}"`,
        didYouMean(list.source.table, tables),
      )
  }
}

/** What each file says for itself is well formed; this finds what does not fit together. */
export function checkConsistency(
  model: Application,
  application: ModelSource,
  sources: ReadonlyMap<string, ModelSource>,
): ModelFinding[] {
  const findings: ModelFinding[] = []
  const reporter = ({ file, text }: ModelSource): Report => {
    return (path, message, hint) => {
      findings.push({ file, line: lineOf(text, path), message, ...(hint === undefined ? {} : { hint }) })
    }
  }
  checkHead(model, reporter(application))
  checkRowRulesUsed(model, reporter(application))
  for (const table of model.tables) checkTable(model, table, reporter(sources.get(table.name) ?? application))
  return findings
}
