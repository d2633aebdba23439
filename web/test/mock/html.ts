/** The fragments' HTML as the templates' macros make it. */
const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark)

export interface MockColumn {
  name: string
  label: string
  type: 'text' | 'id' | 'date' | 'money' | 'number' | 'code' | 'tag' | 'long'
  hidden?: boolean
  link?: { useCase: string; input: string }
}

export type MockRow = Record<string, string | null>

const none =
  '<span class="m-none"><span aria-hidden="true">–</span><span class="visually-hidden">no value</span></span>'
const states: Record<string, string> = {
  Active: 'open',
  Open: 'open',
  Lapsed: 'ended',
  Cancelled: 'ended',
  Closed: 'ended',
  Disputed: 'held',
}

export function dateHtml(value: string, style: string, className = ''): string {
  const date = new Date(`${value}T12:00:00Z`)
  const long = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
  return `<time${className ? ` class="${className}"` : ''} datetime="${value}">${style === 'iso' ? value : long}</time>`
}

export function cellHtml(column: MockColumn, row: MockRow, style: string): string {
  const value = row[column.name] ?? null
  if (value === null) return none
  let html = escapeHtml(value)
  if (column.type === 'id') html = `<span class="m-id">${html}</span>`
  if (column.type === 'date') html = dateHtml(value, style)
  if (column.type === 'money') {
    const amount = Number(value).toLocaleString('en-GB', { minimumFractionDigits: 2 }).replace('-', '−')
    html = `<span class="m-money"><span class="m-money__amount">${amount}</span></span>`
  }
  if (column.type === 'code') html = `<span class="m-code" data-code="K07">${html}</span>`
  if (column.type === 'tag') html = `<span class="m-tag" data-state="${states[value] ?? 'ended'}">${html}</span>`
  if (column.type === 'long' && value.length > 160) {
    html = `<details class="m-clamp"><summary>${escapeHtml(value.slice(0, 120))} …</summary>${html}</details>`
  }
  if (column.link) {
    const inputs = escapeHtml(JSON.stringify({ [column.link.input]: value }))
    html = `<a class="m-link" href="/applications/pas/use-cases/${column.link.useCase}" data-use-case="${column.link.useCase}" data-inputs="${inputs}">${html}</a>`
  }
  return html
}

export function tableHtml(title: string, columns: MockColumn[], rows: MockRow[], sort: string, style: string): string {
  const isNumber = (column: MockColumn) => column.type === 'money' || column.type === 'number'
  const head = columns
    .map((column) => {
      const sorted = sort === column.name ? 'ascending' : sort === `-${column.name}` ? 'descending' : 'none'
      const unit = column.type === 'money' ? ' <span class="m-unit">EUR</span>' : ''
      return `<th scope="col" data-column="${column.name}"${isNumber(column) ? ' class="is-num"' : ''} aria-sort="${sorted}"><button type="button" data-sort="${column.name}">${column.label}${unit}</button></th>`
    })
    .join('')
  const body = rows
    .map((row, at) => {
      const link = columns.find((column) => column.link)?.link
      const key = columns.find((column) => column.link)?.name ?? ''
      const opens = link
        ? ` data-use-case="${link.useCase}" data-inputs="${escapeHtml(JSON.stringify({ [link.input]: row[key] }))}"`
        : ''
      const cells = columns.map((column, index) =>
        index === 0
          ? `<th scope="row">${cellHtml(column, row, style)}</th>`
          : `<td${isNumber(column) ? ' class="is-num"' : ''}>${cellHtml(column, row, style)}</td>`,
      )
      return `<tr data-row="${at}"${opens}>${cells.join('')}</tr>`
    })
    .join('')
  return `<div class="m-table-wrap" role="region" tabindex="0" aria-label="${escapeHtml(title)}"><table class="m-table"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}

export function summaryHtml(columns: MockColumn[], row: MockRow, style: string): string {
  const items = columns.map(
    (column) => `<div class="m-summary__item"><dt>${column.label}</dt><dd>${cellHtml(column, row, style)}</dd></div>`,
  )
  return `<dl class="m-summary">${items.join('')}</dl>`
}

export function timelineHtml(rows: MockRow[], style: string): string {
  const items = rows.map(
    (row) =>
      `<li class="m-timeline__item">${dateHtml(row.date ?? '', style, 'm-timeline__date')}<div class="m-timeline__body"><p class="m-timeline__title">${escapeHtml(row.what ?? '')}</p><p class="m-timeline__text">${escapeHtml(row.text ?? '')}</p></div></li>`,
  )
  return `<ol class="m-timeline">${items.join('')}</ol>`
}
