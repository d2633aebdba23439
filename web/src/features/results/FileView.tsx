import type { Search } from '@muniment/api/contract'
import { TitleBlock } from '../../components/TitleBlock.tsx'
import { formatCount } from '../../lib/format.ts'
import { AsOf } from './AsOf.tsx'
import { Citation } from './Citation.tsx'
import { Panel } from './Panel.tsx'
import { SearchDetails } from './SearchDetails.tsx'
import { SearchActions, SearchState } from './SearchHead.tsx'
import { text } from './text.ts'

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
        <nav className="contents" aria-label={text.contents} data-print="never">
          <p className="contents__title" aria-hidden="true">
            {text.contents}
          </p>
          <ol>
            {search.panels.map((panel) => (
              <li key={panel.name}>
                <a href={`#panel-${panel.name}`}>{panel.title}</a>
                {panel.layout !== 'summary' && panel.rows !== undefined ? (
                  <span className="contents__count">{formatCount(panel.rows)}</span>
                ) : null}
              </li>
            ))}
          </ol>
        </nav>
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
