import type { Search } from '@muniment/api/contract'
import { useTitleOfUseCase } from '../../api/use-cases.ts'
import { InForceLine } from '../../components/InForceLine.tsx'
import { AsOf } from './AsOf.tsx'
import { Panel } from './Panel.tsx'
import { SearchDetails } from './SearchDetails.tsx'
import { InputsRead, SearchActions, SearchState } from './SearchHead.tsx'

/** The result of a search for records, or of a report: what was asked, then the panels. */
export function ListView({ search }: { search: Search }) {
  const title = useTitleOfUseCase(search)
  return (
    <div className="page page--wide">
      <header className="result-head">
        <div>
          <h1 tabIndex={-1}>{title}</h1>
          <InputsRead search={search} />
          <SearchState search={search} />
        </div>
        <SearchActions search={search} />
      </header>
      <InForceLine search={search} />
      {search.kind === 'report' ? <AsOf search={search} /> : null}
      {search.panels.map((panel) => (
        <Panel key={panel.name} search={search} panel={panel} isOnly={search.panels.length === 1} heading={title} />
      ))}
      <SearchDetails search={search} />
    </div>
  )
}
