import { escapeHtml } from '../format/escape.ts'
import type { PanelData } from '../port.ts'
import type { Query } from '../types.ts'

/**
 * Says once for a fragment what is masked in it. Beside the view, so that no view can leave it out. A table has the columns that it
 * shows; what views of their own show of the others is not known, so all that are masked are named.
 */
export function maskNote(query: Query, data: PanelData): string {
  if (data.rows.length === 0) return ''
  const shown = new Map(data.columns.map(({ label, masked }) => [label, masked]))
  if (data.layout !== 'table')
    for (const { name, label } of query.columns) {
      const mask = data.masks?.[name]
      if (mask && !shown.get(label)) shown.set(label, mask)
    }
  const labels = (wanted: 'hidden' | 'partial') =>
    [...shown].flatMap(([label, masked]) => (masked === wanted ? [escapeHtml(label)] : []))
  const hidden = labels('hidden')
  const partial = labels('partial')
  const said = [
    ...(hidden.length > 0 ? [`Masked for your role, whether or not there is a value: ${hidden.join(', ')}.`] : []),
    ...(partial.length > 0 ? [`Partly shown: ${partial.join(', ')}.`] : []),
  ]
  return said.length > 0 ? `<p class="m-note m-mask-note">${said.join(' ')}</p>` : ''
}
