import type { Search } from '@muniment/api/contract'
import { InForceLine } from '../../components/InForceLine.tsx'
import { TitleBlock } from '../../components/TitleBlock.tsx'
import { AsOf } from './AsOf.tsx'
import { Citation } from './Citation.tsx'
import { Contents } from './Contents.tsx'
import { Panel } from './Panel.tsx'
import { SearchDetails } from './SearchDetails.tsx'
import { SearchActions, SearchState } from './SearchHead.tsx'
import { text } from './text.ts'
import { WhyHere } from './WhyHere.tsx'

/** The file of a record: a title block one can cite, the contents beside it, the panels in the order a person asks. */
export function FileView({ search }: { search: Search }) {
  // Eleven empty parts say no more than one sentence, unless one of them may be empty because records are lost.
  const readable = search.panels.filter((panel) => panel.state !== 'left-out')
  const isEmpty = search.state === 'done' && readable.every((panel) => panel.rows === 0 && !panel.notice)
  const shown = isEmpty
    ? search.panels.filter((panel) => panel === readable[0] || panel.state === 'left-out')
    : search.panels
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
      <InForceLine search={search} />
      <WhyHere search={search} />
      <AsOf search={search} />
      <div className="file__body">
        {isEmpty ? null : <Contents search={search} />}
        <div className="file__panels">
          {shown.map((panel) => (
            <Panel key={panel.name} search={search} panel={panel} isOnly={false} />
          ))}
          {isEmpty && readable.length > 1 ? (
            <p className="m-empty">{text.allEmpty(readable.slice(1).map((panel) => panel.title))}</p>
          ) : null}
          <SearchDetails search={search} />
        </div>
      </div>
    </div>
  )
}
