import { escapeHtml } from './escape.ts'

export type DateStyle = 'long' | 'iso'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `5 Jul 2024` or `2024-07-05`; a text that is no date stays as it is. */
export function dateText(text: string, style: DateStyle): string {
  if (style === 'iso') return text
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  const month = MONTHS[Number(match?.[2]) - 1]
  return match && month ? `${Number(match[3])} ${month} ${Number(match[1])}` : text
}

export function dateHtml(text: string, style: DateStyle, className?: string): string {
  const shown = escapeHtml(dateText(text, style))
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return shown
  return `<time${className ? ` class="${className}"` : ''} datetime="${text}">${shown}</time>`
}

/** Seconds and milliseconds only where they say something. */
export function timestampHtml(text: string, style: DateStyle, className?: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(?::(\d{2})(?:\.(\d+))?)?$/.exec(text)
  if (!match) return dateHtml(text, style, className)
  const [, date = '', minutes = '', seconds = '00', fraction = ''] = match
  const precise = /[1-9]/.test(fraction)
  const time = `${minutes}${precise || seconds !== '00' ? `:${seconds}` : ''}${precise ? `.${fraction}` : ''}`
  const shown = `${dateText(date, style)}${style === 'iso' ? ' ' : ', '}${time}`
  const machine = `${date}T${minutes}:${seconds}${fraction ? `.${fraction}` : ''}`
  return `<time${className ? ` class="${className}"` : ''} datetime="${machine}">${shown}</time>`
}
