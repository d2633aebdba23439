import type { Search } from '@muniment/api/contract'
import { usePurposeLabels } from '../../api/purposes.ts'
import { formatMoment, formatPrice } from '../../lib/format.ts'
import { readPurpose } from '../../lib/purpose.ts'
import { useSettings } from '../../lib/settings.ts'
import { text } from './text.ts'

/** What an auditor asks of a search: which, when, by whom, what for, from what. */
export function SearchDetails({ search }: { search: Search }) {
  const { dates } = useSettings()
  const labels = usePurposeLabels()
  const facts: Array<readonly [string, string, boolean]> = [
    [text.searchId, search.id, true],
    [text.run, formatMoment(search.started, dates), false],
    [text.by, search.person, false],
    [text.purpose, readPurpose(search.purpose, labels), false],
    ...(search.price > 0 ? [[text.price, formatPrice(search.price), false] as const] : []),
    [text.loads, search.loads.join(', '), true],
    [text.template, search.templateHash.slice(0, 16), true],
  ]
  return (
    <details className="search-details">
      <summary>{text.details}</summary>
      <dl className="plain-facts">
        {facts.map(([label, value, isId]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{isId ? <span className="m-id">{value}</span> : value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
