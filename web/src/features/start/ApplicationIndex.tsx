import type { ApplicationSummary, UseCaseDescription } from '@muniment/api/contract'
import { formatDay } from '../../lib/format.ts'
import { useSettings } from '../../lib/settings.ts'
import { kinds } from './findUseCases.ts'
import { text } from './text.ts'
import { UseCaseList } from './UseCaseList.tsx'

interface ApplicationIndexProps {
  application: ApplicationSummary
  useCases: readonly UseCaseDescription[]
}

/** The use cases of one retired system, as a book's index: by domain, in columns. */
export function ApplicationIndex({ application, useCases }: ApplicationIndexProps) {
  const { dates } = useSettings()
  const id = `application-${application.name}`
  const facts = [
    application.retired ? text.retired(formatDay(application.retired, dates)) : undefined,
    application.rows > 0 ? text.rows(application.rows, application.rounded) : undefined,
  ].filter((fact) => fact !== undefined)
  return (
    <section className="application" aria-labelledby={id}>
      <header>
        <h2 id={id}>{application.title}</h2>
        <p className="application__facts">{facts.join(' · ')}</p>
      </header>
      {application.problem ? <p className="m-note">{application.problem}</p> : null}
      {application.rows === 0 ? <p className="m-note">{text.noRows}</p> : null}
      <div className="application__domains">
        {application.domains.map((domain) => {
          const own = useCases
            .filter((useCase) => useCase.domain === domain.name)
            .sort(
              (left, right) =>
                kinds.indexOf(left.kind) - kinds.indexOf(right.kind) || left.title.localeCompare(right.title),
            )
          if (own.length === 0) return null
          return (
            <section key={domain.name} aria-labelledby={`${id}-${domain.name}`}>
              <h3 id={`${id}-${domain.name}`} title={domain.description}>
                {domain.title}
              </h3>
              <UseCaseList useCases={own} />
            </section>
          )
        })}
      </div>
    </section>
  )
}
