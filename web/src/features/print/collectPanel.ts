import type { PanelState, Search } from '@muniment/api/contract'
import { fetchFragment, viewOf } from '../../api/fragment.ts'
import { sanitise } from '../../lib/sanitise.ts'

/** Rows asked for at a time: few requests, none of them large. */
export const printPageSize = 500

export const pagesOf = (panel: PanelState): number =>
  panel.state === 'done' ? Math.max(1, Math.ceil((panel.rows ?? 0) / printPageSize)) : 0

/** What repeats in a fragment, by layout. */
const repeated = ['.m-table tbody', '.m-timeline']

/**
 * The whole of a panel as one fragment: its pages one after the other, their rows joined below the first page's header.
 *
 * @param onPage called after each page
 */
export async function collectPanel(
  search: Search,
  panel: PanelState,
  dates: 'long' | 'iso',
  signal: AbortSignal,
  onPage: () => void,
): Promise<DocumentFragment> {
  const view = { ...viewOf(search, panel), size: printPageSize, dates }
  const whole = sanitise(await fetchFragment({ ...view, page: 1 }, signal))
  onPage()
  for (let page = 2; page <= pagesOf(panel); page++) {
    const next = sanitise(await fetchFragment({ ...view, page }, signal))
    for (const selector of repeated) {
      const into = whole.querySelector(selector)
      const from = next.querySelector(selector)
      if (into && from) into.append(...from.children)
    }
    onPage()
  }
  for (const clamp of whole.querySelectorAll('details')) clamp.open = true
  // A line that is nothing but the way to another search leads nowhere on paper.
  for (const line of whole.querySelectorAll('p.m-note')) {
    if (
      line.children.length === 1 &&
      line.firstElementChild?.matches('a') &&
      line.textContent?.trim() === line.firstElementChild.textContent?.trim()
    )
      line.remove()
  }
  // Paper has no links, no buttons and no scrolling.
  for (const control of whole.querySelectorAll('a, button')) control.replaceWith(...control.childNodes)
  for (const region of whole.querySelectorAll('[tabindex]')) region.removeAttribute('tabindex')
  return whole
}
