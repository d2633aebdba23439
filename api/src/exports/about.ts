import type { PurposeReason } from '../contract.ts'
import { readPurpose } from '../shared/purposes.ts'
import type { RecordedPanel, SearchRecord } from '../shared/search-record.ts'
import type { ExportColumn } from './columns.ts'
import type { ExportRecord } from './export-record.ts'

/** What a file says about itself, as a companion or as a sheet. */
export type About = ReturnType<typeof aboutExport>

export function aboutExport(
  search: SearchRecord,
  panel: RecordedPanel,
  record: ExportRecord,
  columns: ExportColumn[],
  written: { rows: number; finished: string; bytes?: number; sha256?: string },
  reasons: PurposeReason[],
) {
  return {
    file: record.fileName,
    application: search.application,
    search: {
      id: search.id,
      title: search.title,
      useCase: search.useCase,
      panel: panel.title,
      started: search.started,
    },
    inputs: search.inputsRead.map(({ label, value }) => ({ label, value })),
    /** What this panel's query was bound with, where the file's rows follow from it. */
    ...(panel.inputsRead && {
      bound: panel.inputsRead.map(({ label, value, fixed }) => ({ label, value, ...(fixed && { fixed }) })),
    }),
    purpose: readPurpose(search.purpose, reasons),
    export: {
      id: record.id,
      by: record.person.name,
      started: record.started,
      finished: written.finished,
      order: record.sort ?? 'as searched',
    },
    rows: written.rows,
    ...(record.notice !== undefined && { notice: record.notice }),
    /** What the person could not see; named whether or not it removed anything. */
    withheld: withheldOf(record.inForce),
    leftOut: search.panels.flatMap(({ title, lacks }) =>
      lacks ? [{ panel: title, domains: lacks.map((domain) => domain.title) }] : [],
    ),
    ...(written.bytes !== undefined && { bytes: written.bytes, sha256: written.sha256 }),
    columns: columns.map(({ heading, name, type, unit, words }) => ({
      heading,
      name,
      type,
      ...(unit !== undefined && { unit }),
      ...(words && { inWords: true }),
    })),
    templateHash: search.templateHash,
    catalogVersion: record.catalogVersion,
    loads: record.loads,
    notes: notes(record.format),
  }
}

function notes(format: ExportRecord['format']): string[] {
  const whole = 'The query was run again in full for this file; a panel shows at most its first 10,000 rows.'
  if (format === 'csv') {
    return [
      whole,
      "Texts that a spreadsheet would take for a formula begin with an apostrophe (') in the file; all other values are as archived.",
    ]
  }
  if (format === 'xlsx') {
    return [
      whole,
      'Numbers of more than 15 digits and dates before March 1900 are texts, because a cell would change them.',
    ]
  }
  return [whole]
}

function withheldOf(inForce: ExportRecord['inForce']): string[] {
  const masks = (inForce?.masks ?? []).map(({ title, columns }) => {
    const names = columns.map(({ label, mask }) => (mask === 'partial' ? `${label} (in part)` : label))
    return `Masked in ${title}: ${names.join(', ')}`
  })
  const rules = (inForce?.rowRules ?? []).map(({ title, description }) => `Left out: ${title}. ${description}`)
  return [...masks, ...rules]
}

/** As rows of a sheet. */
export function aboutRows(about: About): [string, string | number][] {
  return [
    ['File', about.file],
    ['Application', about.application],
    ['Search', about.search.title],
    ['Panel', about.search.panel],
    ...about.inputs.map(({ label, value }): [string, string] => [`Searched for: ${label}`, value]),
    ...(about.bound ?? [])
      .filter(({ fixed }) => fixed)
      .map(({ label, value }): [string, string] => [`Fixed for this panel: ${label}`, value]),
    ['Purpose', about.purpose],
    ['Searched', about.search.started],
    ['Exported by', about.export.by],
    ['Exported', about.export.finished],
    ['Rows', about.rows],
    ...(about.notice === undefined ? [] : [['Incomplete', about.notice] satisfies [string, string]]),
    ...(about.withheld.length === 0 ? [['Withheld', 'Nothing'] satisfies [string, string]] : []),
    ...about.withheld.map((sentence): [string, string] => ['Withheld', sentence]),
    ...about.leftOut.map(({ panel, domains }): [string, string] => [
      'Panel left out',
      `${panel} (needs ${domains.join(', ')})`,
    ]),
    ['Order', about.export.order],
    ['Search id', about.search.id],
    ['Export id', about.export.id],
    ['Template hash (sha-256)', about.templateHash],
    ['Catalog version', about.catalogVersion],
    ...about.loads.map((load): [string, string] => ['Load', load]),
    ...about.notes.map((note): [string, string] => ['Note', note]),
  ]
}
