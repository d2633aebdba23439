import type { Search } from '@muniment/api/contract'
import { isRunning } from '../api/search.ts'
import { useTitleOfUseCase } from '../api/use-cases.ts'
import { readTitleDate, titleInputs } from '../lib/search-words.ts'
import { useSettings } from '../lib/settings.ts'
import { text } from './text.ts'

/** Kind, number, holder, state and as of when: what a letter would cite. */
export function TitleBlock({ search }: { search: Search }) {
  const { dates } = useSettings()
  const { record } = search
  const title = useTitleOfUseCase(search)
  const asked = search.inputsRead.filter((input) => input.name !== 'valid_on' && input.name !== 'known_on')
  return (
    <div className="title-block">
      <p className="title-block__kind">{record?.kind ?? title}</p>
      <h1 tabIndex={-1} aria-busy={!record && isRunning(search.state)}>
        <bdi>{record?.number ?? (asked.map((input) => input.value).join(', ') || search.title)}</bdi>
      </h1>
      {record?.holder || record?.state || record?.masked ? (
        <p className="title-block__holder">
          {record.holder ? <bdi>{record.holder}</bdi> : null}
          {record.masked?.includes('holder') ? <span className="m-masked">{text.holderMasked}</span> : null}
          {record.state ? (
            <span className="m-tag" data-state={record.stateKind}>
              {record.state}
            </span>
          ) : record.masked?.includes('state') ? (
            <span className="m-masked">{text.stateMasked}</span>
          ) : null}
        </p>
      ) : null}
      {record || isRunning(search.state) ? (
        <p className="title-block__as-of">{readTitleDate(titleInputs(search), dates)}</p>
      ) : null}
    </div>
  )
}
