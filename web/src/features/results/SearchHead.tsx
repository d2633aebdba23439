import type { Search } from '@muniment/api/contract'
import { Link } from '@tanstack/react-router'
import { useCancelSearch } from '../../api/cancel-search.ts'
import { isRunning } from '../../api/search.ts'
import { useStartSearch } from '../../api/start-search.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { readSearchFacts } from '../../lib/search-words.ts'
import { SearchProgress } from './SearchProgress.tsx'
import { text } from './text.ts'

export function SearchActions({ search }: { search: Search }) {
  const start = useStartSearch()
  const cancel = useCancelSearch()
  const { application, useCase, inputs } = search
  return (
    <>
      <div className="toolbar" data-print="never">
        <Link
          className="button"
          to="/applications/$application/use-cases/$useCase"
          params={{ application, useCase }}
          search={{ from: search.id }}
        >
          {text.change}
        </Link>
        {isRunning(search.state) ? (
          <button type="button" className="button" onClick={() => cancel.mutate(search.id)}>
            {text.cancel}
          </button>
        ) : (
          <>
            {search.state === 'done' ? null : (
              <button type="button" className="button" onClick={() => start.mutate({ application, useCase, inputs })}>
                {text.again}
              </button>
            )}
            <Link className="button" to="/searches/$search/print" params={{ search: search.id }}>
              {text.print}
            </Link>
          </>
        )}
      </div>
      {start.error || cancel.error ? <ProblemNote problem={problemOf(start.error ?? cancel.error)} /> : null}
    </>
  )
}

/** What was searched and how it went, in a line each. */
export function SearchState({ search }: { search: Search }) {
  if (isRunning(search.state)) return <SearchProgress search={search} />
  // One part that answers makes a search done; that another did not is said where the whole is summed up.
  const hasFailed = search.panels.length > 1 && search.panels.some((panel) => panel.state === 'failed')
  return (
    <>
      {search.panels.length > 1 ? <p className="facts">{readSearchFacts(search).join(' · ')}</p> : null}
      {search.state === 'cancelled' ? <p className="m-note">{text.cancelled}</p> : null}
      {hasFailed ? <p className="m-note">{text.failed}</p> : null}
    </>
  )
}

export function InputsRead({ search }: { search: Search }) {
  if (search.inputsRead.length === 0) return <p className="inputs-read">{text.noInputs}</p>
  return (
    <dl className="inputs-read" aria-label={text.inputs}>
      {search.inputsRead.map((input) => (
        <div key={input.name}>
          <dt>{input.label}</dt>
          <dd>{input.value}</dd>
        </div>
      ))}
    </dl>
  )
}
