import { Link, useParams } from '@tanstack/react-router'
import { useDeferredValue, useMemo, useState } from 'react'
import { useApplications } from '../../api/applications.ts'
import { useModel } from '../../api/model.ts'
import { useUseCases } from '../../api/use-cases.ts'
import { Page } from '../../components/Page.tsx'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { wordsOf } from '../../lib/fold.ts'
import { formatDay } from '../../lib/format.ts'
import { useSettings } from '../../lib/settings.ts'
import { CodeLists } from './CodeLists.tsx'
import { DomainDiagram } from './DomainDiagram.tsx'
import { findTables } from './findTables.ts'
import { TableDescription } from './TableDescription.tsx'
import { text } from './text.ts'

export function ModelPage() {
  const { application } = useParams({ from: '/applications/$application/model' })
  const { data: applications } = useApplications()
  const { data: model, error, refetch } = useModel(application)
  const { data: useCases } = useUseCases(application)
  const { dates } = useSettings()
  const [typed, setTyped] = useState('')
  const words = useDeferredValue(typed)
  const shown = useMemo(() => new Set(model ? findTables(model, wordsOf(words)) : []), [model, words])

  if (error) {
    const problem = problemOf(error)
    return (
      <Page title={problem.title} documentTitle={text.documentTitle}>
        <ProblemNote problem={problem} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (!model) {
    return (
      <div className="page page--wide page--pending">
        <p className="waiting" role="status">
          {text.loading}
        </p>
      </div>
    )
  }
  const facts = [
    ...(model.retired ? [text.retired(formatDay(model.retired, dates))] : []),
    text.tables(model.tables.length),
    text.rows(
      model.tables.reduce((sum, table) => sum + table.rows, 0),
      model.rounded,
    ),
    text.timeZone(model.timeZone),
  ]
  const isFiltered = words.trim() !== ''
  return (
    <Page title={text.title(model.title)} documentTitle={text.documentTitle} lead={model.description} kind="wide">
      {(applications?.length ?? 0) > 1 ? (
        <nav className="switch" aria-label={text.applications}>
          {applications?.map((one) => (
            <Link key={one.name} to="/applications/$application/model" params={{ application: one.name }}>
              {one.title}
            </Link>
          ))}
        </nav>
      ) : null}
      <p className="facts">{facts.join(' · ')}</p>
      {model.rounded ? <p className="facts">{text.rounded}</p> : null}
      {model.legalEntities.length > 0 ? (
        <p className="facts">
          {text.entities}: {model.legalEntities.map((entity) => entity.name).join(', ')}
        </p>
      ) : null}
      <div className="model-filter">
        <label htmlFor="model-filter">{text.filter}</label>
        <input
          id="model-filter"
          type="search"
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
        {isFiltered ? (
          <p className="hint" role="status">
            {text.filtered(shown.size)}
          </p>
        ) : null}
      </div>
      {isFiltered ? null : (
        <nav className="model-jump" aria-label={text.parts}>
          {model.domains.map((domain) => (
            <a key={domain.name} href={`#domain-${domain.name}`}>
              {domain.title}
            </a>
          ))}
          {Object.keys(model.codeLists).length > 0 ? <a href="#code-lists">{text.codeLists}</a> : null}
        </nav>
      )}
      {model.domains.map((domain) => {
        const tables = model.tables.filter((table) => table.domain === domain.name && shown.has(table.name))
        if (tables.length === 0) return null
        return (
          <section key={domain.name} className="model-domain" aria-labelledby={`domain-${domain.name}`}>
            <h2 id={`domain-${domain.name}`}>{domain.title}</h2>
            <p className="measure">{domain.description}</p>
            {isFiltered ? null : <DomainDiagram model={model} domain={domain} />}
            {tables.map((table) => (
              <TableDescription
                key={table.name}
                model={model}
                table={table}
                words={wordsOf(words)}
                useCases={useCases ?? []}
              />
            ))}
          </section>
        )
      })}
      {isFiltered ? null : <CodeLists model={model} />}
    </Page>
  )
}
