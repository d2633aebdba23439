import { escapeHtml } from './escape.ts'

const MINUS = '\u2212'

/**
 * A number's canonical text with thousands separators and a true minus sign. It works on the text alone: JavaScript's numbers would
 * lose digits. What is not a plain decimal (an exponent, NaN) stays as it is.
 */
export function groupDigits(text: string): string {
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(text)
  if (!match) return text.replace(/^-/, MINUS)
  const [, sign, whole = '', fraction = ''] = match
  return `${sign === '' ? '' : MINUS}${whole.replace(/\B(?=(?:\d{3})+$)/g, ',')}${fraction}`
}

export function moneyHtml(amount: string, currency?: string | null): string {
  const unit = currency ? ` <span class="m-money__currency">${escapeHtml(currency)}</span>` : ''
  return `<span class="m-money"><span class="m-money__amount">${escapeHtml(groupDigits(amount))}</span>${unit}</span>`
}

export const numberHtml = (text: string, unit?: string | null): string =>
  escapeHtml(groupDigits(text)) + (unit ? ` <span class="m-unit">${escapeHtml(unit)}</span>` : '')

/** The number as it is stored, taken as percent: `12.50` is 12.50%. */
export const percentHtml = (text: string): string => `${escapeHtml(groupDigits(text))}%`

/** In groups of four, as on paper; copying it gives the spaces too, which banks accept. */
export function ibanHtml(text: string): string {
  const compact = text.replace(/\s+/g, '')
  const grouped = /^[A-Za-z]{2}\d{2}[A-Za-z0-9]+$/.test(compact) ? compact.replace(/(.{4})(?=.)/g, '$1 ') : text
  return `<span class="m-id">${escapeHtml(grouped)}</span>`
}
