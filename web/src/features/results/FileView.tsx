import type { Search } from '@muniment/api/contract'
import { TitleBlock } from '../../components/TitleBlock.tsx'
import { AsOf } from './AsOf.tsx'
import { Citation } from './Citation.tsx'
import { Contents } from './Contents.tsx'
import { Panel } from './Panel.tsx'
import { SearchDetails } from './SearchDetails.tsx'
import { SearchActions, SearchState } from './SearchHead.tsx'

/** The file of a record: a title block one can cite, the contents beside it, the panels in the order a person asks. */
export function FileView({ search }: { search: Search }) {
  return (
    <div className="page page--wide file">
      <header className="result-head">
        <div>
          <TitleBlock search={search} />
          <SearchState search={search} />
        </div>
        <div className="result-head__side">
          <SearchActions search={search} />
          <Citation search={search} />
        </div>
      </header>
      <AsOf search={search} />
      <div className="file__body">
        <Contents search={search} />
        <div className="file__panels">
          {search.panels.map((panel) => (
            <Panel key={panel.name} search={search} panel={panel} isOnly={false} />
          ))}
          <SearchDetails search={search} />
        </div>
      </div>
    </div>
  )
}
