import { dateHtml, dateText, timestampHtml } from '../format/dates.ts'
import { escapeHtml } from '../format/escape.ts'
import { MASKED, Mask } from '../format/mask.ts'
import { ibanHtml, moneyHtml, numberHtml, percentHtml } from '../format/numbers.ts'
import { formatOf, isNumeric, linkAttributes, type Presenter, type ViewRow } from '../format/presenter.ts'
import { identifierHtml, longTextHtml, NONE, tagHtml } from '../format/texts.ts'
import type { OutputColumn } from '../types.ts'
import { contextOf, type PanelContext, type ViewColumn, type ViewPanel } from './panel.ts'

type Maybe = string | null | undefined

/** What the components call. Each takes plain values and gives HTML in which they are escaped. */
export function createFormatters(
  presenter: Presenter,
  Safe: new (html: string) => object,
): Record<string, (...values: never[]) => unknown> {
  const { dates } = presenter
  const safe = (html: string) => new Safe(html)
  const each = (format: (text: string) => string) => (value: unknown) =>
    safe(value instanceof Mask ? MASKED : isNone(value) ? NONE : format(String(value)))
  return {
    _cells: (panel: ViewPanel, row: ViewRow) => safe(cells(contextOf(panel), row)),
    _value: (panel: ViewPanel, row: ViewRow, column: string) => safe(declaredValue(contextOf(panel), row, column)),
    _opens: (panel: ViewPanel, row: ViewRow) => safe(opens(contextOf(panel), row)),
    _asOf: (panel: ViewPanel) => safe(asOf(contextOf(panel))),
    _moreText: (panel: ViewPanel) =>
      `There are more than these ${numberHtml(String(panel.total))} rows. Narrow the search, or export it to have them all.`,
    _eventDate: (panel: ViewPanel, row: ViewRow) => safe(eventDate(contextOf(panel), row)),
    _eventTitle: (panel: ViewPanel, row: ViewRow) => safe(eventTitle(contextOf(panel), row)),
    _eventText: (panel: ViewPanel, row: ViewRow, column: ViewColumn) => safe(eventText(contextOf(panel), row, column)),
    _money: (amount: unknown, currency: Maybe | Mask) => each((text) => moneyHtml(text, shownText(currency)))(amount),
    _number: (value: unknown, unit: Maybe | Mask) => each((text) => numberHtml(text, shownText(unit)))(value),
    _percent: each(percentHtml),
    _date: each((text) => dateHtml(text, dates)),
    _timestamp: each((text) => timestampHtml(text, dates)),
    _code: (value: unknown, list: string) => each((text) => presenter.code(text, list))(value),
    _identifier: each(identifierHtml),
    _iban: each(ibanHtml),
    _longText: each(longTextHtml),
    _tag: (content: unknown, state: Maybe | Mask) =>
      safe(isNone(content) ? NONE : tagHtml(html(content), shownText(state))),
    _link: (content: unknown, useCase: string, inputs: Record<string, unknown>) => {
      // What is masked reads as nothing here.
      const given = Object.entries(inputs).map(([name, value]) => [name, isNone(value) ? '' : String(value)])
      // Without what identifies the target there is nothing to go to.
      if (given.some(([, value]) => value === '')) return safe(isNone(content) ? NONE : html(content))
      return safe(presenter.link(html(content), useCase, Object.fromEntries(given)))
    },
  }

  // What a component made is HTML already; every plain text is not.
  function html(content: unknown): string {
    if (content instanceof Mask) return MASKED
    return content instanceof Safe ? String(content) : escapeHtml(String(content))
  }
}

const shownText = (value: Maybe | Mask): Maybe => (value instanceof Mask ? undefined : value)

const isNone = (value: unknown): boolean => value === null || value === undefined

function cells(context: PanelContext, row: ViewRow): string {
  let out = ''
  for (const [index, column] of context.shown.entries()) {
    const content = context.presenter.cell(column, row, context.inputs, context.inHeader.has(column.name))
    if (index === 0) out += `<th scope="row"${numeric(column)}>${content}</th>`
    else out += `<td${numeric(column)}>${content}</td>`
  }
  return out
}

const numeric = (column: OutputColumn) => (isNumeric(column) ? ' class="is-num"' : '')

function declaredValue(context: PanelContext, row: ViewRow, name: string): string {
  const column = context.declared.get(name)
  if (!column) throw new Error(`The query has no column ${name}.`)
  return context.presenter.cell(column, row, context.inputs)
}

function opens({ presenter, opens: link, inputs }: PanelContext, row: ViewRow): string {
  const target = link && presenter.linkInputs(link, row, inputs)
  return target ? linkAttributes(link.useCase, target) : ''
}

const AS_OF: [name: string, honoured: string, not: string][] = [
  ['valid_on', 'As it was valid on', 'Not limited to what was valid on'],
  ['known_on', 'As it was known on', 'Not limited to what was known on'],
]

/** Each panel says whether it honours the as-of dates that were given; a page that says so once for all may leave out that it does. */
function asOf({ presenter, inputs, honours }: PanelContext): string {
  let said = ''
  for (const [name, honoured, not] of AS_OF) {
    const date = Object.hasOwn(inputs, name) ? inputs[name] : undefined
    if (typeof date === 'string' && date !== '')
      said += honours.includes(name)
        ? `<p class="m-note m-as-of">${honoured} ${dateHtml(date, presenter.dates)}.</p>`
        : `<p class="m-note">${not} ${dateHtml(date, presenter.dates)}.</p>`
  }
  return said
}

function eventDate({ presenter, date }: PanelContext, row: ViewRow): string {
  const text = date ? (row[date.name] ?? null) : null
  if (text instanceof Mask) return `<span class="m-timeline__date">${MASKED}</span>`
  if (!date || text === null) return `<span class="m-timeline__date">${NONE}</span>`
  if (dateText(text, 'long') === text && formatOf(date) === 'date')
    return `<span class="m-timeline__date">${escapeHtml(text)}</span>`
  return timestampHtml(text, presenter.dates, 'm-timeline__date')
}

function eventTitle({ presenter, heading, inputs }: PanelContext, row: ViewRow): string {
  return heading ? block('m-timeline__title', presenter.cell(heading, row, inputs)) : ''
}

function eventText(context: PanelContext, row: ViewRow, column: ViewColumn): string {
  if ((row[column.name] ?? null) === null) return ''
  // A value in another script than its label keeps its own direction.
  const value = `<bdi>${declaredValue(context, row, column.name)}</bdi>`
  return block('m-timeline__text', `${escapeHtml(column.label)}: ${value}`)
}

/** A paragraph, unless something stands in it that HTML does not allow in one. */
const block = (className: string, content: string) => {
  const element = content.includes('<details') ? 'div' : 'p'
  return `<${element} class="${className}">${content}</${element}>`
}
