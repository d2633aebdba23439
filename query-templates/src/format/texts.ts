import { escapeHtml } from './escape.ts'

export const NONE =
  '<span class="m-none"><span aria-hidden="true">–</span><span class="visually-hidden">no value</span></span>'

/** Longer texts open on demand. */
const CLAMP = 160

export function longTextHtml(text: string): string {
  if (text.length <= CLAMP) return escapeHtml(text)
  const cut = text.slice(0, CLAMP)
  const space = cut.lastIndexOf(' ')
  // Neither in the middle of a word, where there are words, nor of a surrogate pair.
  const beginning = (space > CLAMP / 2 ? cut.slice(0, space) : cut).replace(/[\ud800-\udbff]$/, '')
  return `<details class="m-clamp"><summary>${escapeHtml(beginning)} …</summary>${escapeHtml(text)}</details>`
}

export const identifierHtml = (text: string): string => `<span class="m-id">${escapeHtml(text)}</span>`

export const booleanHtml = (text: string): string =>
  text === 'true' ? 'Yes' : text === 'false' ? 'No' : escapeHtml(text)

const STATES = new Set(['open', 'ended', 'held', 'destroyed'])

/** `state` gives the colour; a tag without one has the ink's. */
export function tagHtml(content: string, state?: string | null): string {
  const attribute = state && STATES.has(state) ? ` data-state="${state}"` : ''
  return `<span class="m-tag"${attribute}>${content}</span>`
}

/** `label` is undefined where the code list does not know the code. */
export function codeHtml(code: string, label: string | undefined): string {
  const shown =
    label === undefined
      ? `${escapeHtml(code)} <span class="m-code__unknown">not in the code list</span>`
      : escapeHtml(label)
  return `<span class="m-code" data-code="${escapeHtml(code)}">${shown}</span>`
}
