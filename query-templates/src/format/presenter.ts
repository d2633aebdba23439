import type { Application } from '@muniment/archive/model/types'
import type { Inputs, Link, OutputColumn } from '../types.ts'
import { type DateStyle, dateHtml, timestampHtml } from './dates.ts'
import { escapeHtml } from './escape.ts'
import { MASKED, Mask } from './mask.ts'
import { ibanHtml, moneyHtml, numberHtml, percentHtml } from './numbers.ts'
import { booleanHtml, codeHtml, identifierHtml, longTextHtml, NONE, tagHtml } from './texts.ts'

export type ViewRow = Record<string, string | null | Mask>
export type Format = NonNullable<OutputColumn['format']>

/** How values of one application read, by a person's settings. */
export interface Presenter {
  dates: DateStyle
  /** A declared column's value as HTML, links and tags included. `bare` leaves the currency to the header. */
  cell(column: OutputColumn, row: ViewRow, inputs: Inputs, bare?: boolean): string
  code(code: string, list: string): string
  link(content: string, useCase: string, inputs: Record<string, string>): string
  /** Inputs that a link carries, or undefined where the row lacks one of them. */
  linkInputs(link: Link, row: ViewRow, inputs: Inputs): Record<string, string> | undefined
}

/** The declared format, or the one that the type suggests. */
export function formatOf(column: OutputColumn): Format {
  if (column.format) return column.format
  if (column.codeList) return 'code'
  if (column.currency) return 'money'
  if (column.type === 'date' || column.type === 'timestamp' || column.type === 'boolean') return column.type
  return column.type === 'varchar' ? 'text' : 'number'
}

export const isNumeric = (column: OutputColumn): boolean => ['money', 'number', 'percent'].includes(formatOf(column))

export function createPresenter(application: Application, dates: DateStyle): Presenter {
  const labels = new Map(
    Object.entries(application.codeLists).map(([name, list]) => [
      name,
      new Map(list.values.map(({ code, label }) => [code, label])),
    ]),
  )
  const root = `/applications/${encodeURIComponent(application.name)}/use-cases/`

  const code = (value: string, list: string) => codeHtml(value, labels.get(list)?.get(value))

  const link = (content: string, useCase: string, inputs: Record<string, string>) =>
    `<a class="m-link" href="${escapeHtml(root + encodeURIComponent(useCase))}"${linkAttributes(useCase, inputs)}>${content}</a>`

  const value = (column: OutputColumn, text: string, row: ViewRow, bare: boolean): string => {
    switch (formatOf(column)) {
      case 'text':
      case 'long-text':
        return longTextHtml(text)
      case 'identifier':
        return identifierHtml(text)
      case 'code':
        return column.codeList ? code(text, column.codeList) : codeHtml(text, text)
      case 'money':
        return moneyHtml(text, bare || !column.currency ? undefined : textIn(row, column.currency))
      case 'number':
        return numberHtml(text, bare ? undefined : column.unit)
      case 'percent':
        return percentHtml(text)
      case 'date':
        return dateHtml(text, dates)
      case 'timestamp':
        return timestampHtml(text, dates)
      case 'boolean':
        return booleanHtml(text)
      case 'iban':
        return ibanHtml(text)
    }
  }

  return {
    dates,
    code,
    link,
    linkInputs,
    cell(column, row, inputs, bare = false) {
      const text = row[column.name] ?? null
      if (text === null) return NONE
      if (text instanceof Mask) return MASKED
      let html = value(column, text, row, bare)
      if (column.states && Object.hasOwn(column.states, text)) html = tagHtml(html, column.states[text])
      if (!column.link) return html
      const target = linkInputs(column.link, row, inputs)
      return target ? link(html, column.link.useCase, target) : html
    },
  }
}

/** A value to write with another; nothing where it is masked. */
function textIn(row: ViewRow, name: string): string | null {
  const text = row[name] ?? null
  return text instanceof Mask ? null : text
}

/** What React turns into a search; no input is in the address. */
export const linkAttributes = (useCase: string, inputs: Record<string, string>): string =>
  ` data-use-case="${escapeHtml(useCase)}" data-inputs="${escapeHtml(JSON.stringify(inputs))}"`

function linkInputs(link: Link, row: ViewRow, inputs: Inputs): Record<string, string> | undefined {
  const target: [string, string][] = []
  for (const [parameter, column] of Object.entries(link.inputs)) {
    const text = row[column] ?? null
    // What is masked identifies nothing.
    if (text === null || text instanceof Mask) return undefined
    target.push([parameter, text])
  }
  for (const name of link.carry) {
    const carried = Object.hasOwn(inputs, name) ? inputs[name] : undefined
    if (typeof carried === 'string' && carried !== '') target.push([name, carried])
  }
  return Object.fromEntries(target)
}
