import { formatCount } from '../../lib/format.ts'
import { text } from './text.ts'

interface PagerProps {
  title: string
  page: number
  size: number
  rows: number
  onPage: (page: number) => void
  onSize: (size: number) => void
}

const sizes = [25, 50, 100, 200]

export function Pager({ title, page, size, rows, onPage, onSize }: PagerProps) {
  const pages = Math.ceil(rows / size)
  const first = (page - 1) * size + 1
  return (
    <nav className="pager" aria-label={text.pager.label(title)} data-print="never">
      <button type="button" className="button" aria-disabled={page === 1} onClick={() => onPage(page - 1)}>
        {text.pager.previous}
      </button>
      <span className="pager__at">
        {text.pager.at(formatCount(first), formatCount(Math.min(rows, page * size)), formatCount(rows))}
      </span>
      <button type="button" className="button" aria-disabled={page === pages} onClick={() => onPage(page + 1)}>
        {text.pager.next}
      </button>
      {pages > 5 ? (
        <label className="pager__jump">
          {text.pager.page}{' '}
          <select value={page} onChange={(event) => onPage(Number(event.target.value))}>
            {Array.from({ length: pages }, (_, index) => index + 1).map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>{' '}
          {text.pager.of(formatCount(pages))}
        </label>
      ) : null}
      <label className="pager__size">
        {text.pager.perPage}{' '}
        <select value={size} onChange={(event) => onSize(Number(event.target.value))}>
          {[...new Set([size, ...sizes])]
            .sort((left, right) => left - right)
            .map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
        </select>
      </label>
    </nav>
  )
}
