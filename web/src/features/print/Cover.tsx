import type { Search } from '@muniment/api/contract'
import { useApplications } from '../../api/applications.ts'
import { usePurposeLabels } from '../../api/purposes.ts'
import { useTitleOfUseCase } from '../../api/use-cases.ts'
import { InForceStatement } from '../../components/InForceStatement.tsx'
import { TitleBlock } from '../../components/TitleBlock.tsx'
import { formatMoment } from '../../lib/format.ts'
import { readInForce } from '../../lib/in-force.ts'
import { readPurpose } from '../../lib/purpose.ts'
import { readFixed } from '../../lib/search-words.ts'
import { useSettings } from '../../lib/settings.ts'
import { text } from './text.ts'

export function Cover({ search }: { search: Search }) {
  const { dates } = useSettings()
  const labels = usePurposeLabels()
  const { data: applications } = useApplications()
  const title = useTitleOfUseCase(search)
  const application = applications?.find((one) => one.name === search.application)
  const facts: Array<readonly [string, string, boolean]> = [
    [text.useCase, title, false],
    ...search.inputsRead.map((input) => [input.label, input.value, false] as const),
    [text.run, formatMoment(search.started, dates), false],
    [text.by, search.person, false],
    [text.purpose, readPurpose(search.purpose, labels), false],
    [text.search, search.id, true],
    [text.loads, search.loads.join(', '), true],
    [text.template, search.templateHash, true],
  ]
  return (
    <header className="cover">
      <p className="cover__from">
        {text.from} {application?.title ?? search.application}
      </p>
      {search.kind === 'file' ? <TitleBlock search={search} /> : <h1 className="cover__title">{title}</h1>}
      <dl className="cover__facts">
        {facts
          .filter(([, value]) => value !== '')
          .map(([label, value, isId]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className={isId ? 'm-id' : undefined}>{value}</dd>
            </div>
          ))}
      </dl>
      <section className="cover__in-force" aria-labelledby="cover-in-force">
        <h2 id="cover-in-force">{text.inForce}</h2>
        <p>{readInForce(search.inForce, search.panels)}</p>
        <InForceStatement inForce={search.inForce} panels={search.panels} />
      </section>
      {search.panels.length > 1 ? (
        <section className="cover__contents">
          <h2>{text.contents}</h2>
          <ol>
            {search.panels.map((panel) => (
              <li key={panel.name}>
                {[panel.title, ...readFixed(panel)].join('; ')}
                {panel.layout !== 'summary' && panel.state === 'done' ? (
                  <span className="cover__count">{text.rows(panel.rows ?? 0)}</span>
                ) : panel.state === 'left-out' ? (
                  <span className="cover__count">{text.leftOut}</span>
                ) : null}
              </li>
            ))}
          </ol>
        </section>
      ) : null}
    </header>
  )
}
