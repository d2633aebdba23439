import type { AuditFilters } from '@muniment/api/contract'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useAuditEntries } from '../../api/audit-entries.ts'
import { ApiError } from '../../api/http.ts'
import { useMe } from '../../api/me.ts'
import { Page } from '../../components/Page.tsx'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { announce } from '../../lib/announce.ts'
import { formatMoment } from '../../lib/format.ts'
import { useSettings } from '../../lib/settings.ts'
import { downloadEntries } from './download.ts'
import { EntryTable } from './EntryTable.tsx'
import { QuestionForm } from './QuestionForm.tsx'
import { text } from './text.ts'
import { VerificationState } from './VerificationState.tsx'

function Answer({ filters, asked }: { filters: AuditFilters; asked: number }) {
  const { dates } = useSettings()
  const answer = useAuditEntries(filters, asked)
  const download = useMutation({ mutationFn: (format: 'jsonl' | 'csv') => downloadEntries(filters, format) })
  const entries = answer.data?.pages.flatMap((page) => page.entries) ?? []
  const [first] = answer.data?.pages ?? []
  const period = first ? text.period(formatMoment(first.from, dates), formatMoment(first.until, dates)) : ''
  const sentence = first ? text.found(entries.length, answer.hasNextPage, period) : ''
  useEffect(() => {
    if (sentence) announce(sentence)
  }, [sentence])
  const people = [...new Set(entries.map((entry) => entry.person))].sort()
  const isRefused = answer.error instanceof ApiError && answer.error.problem.fields !== undefined
  return (
    <section className="audit-answer" aria-labelledby="answer">
      <h2 id="answer">{text.answer}</h2>
      {answer.error && !isRefused ? (
        <ProblemNote problem={problemOf(answer.error)} onRetry={() => void answer.refetch()} />
      ) : null}
      {people.length > 0 ? <p className="measure audit-answer__people">{text.people(people)}</p> : null}
      {sentence ? <p className="facts">{sentence}</p> : null}
      {first?.damaged ? (
        <div className="problem" role="alert">
          <p>{text.damaged(first.damaged.length)}</p>
          <ul className="sentences">
            {first.damaged.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      ) : null}
      {first?.forgotten ? <p className="measure">{text.forgotten(first.forgotten)}</p> : null}
      {first && entries.length === 0 ? <p className="m-empty">{text.noneHint}</p> : null}
      {entries.length > 0 ? (
        <>
          <EntryTable entries={entries} />
          <p className="actions">
            {answer.hasNextPage ? (
              <button
                type="button"
                className="button"
                aria-disabled={answer.isFetchingNextPage}
                onClick={() => void answer.fetchNextPage()}
              >
                {answer.isFetchingNextPage ? text.fetching : text.older}
              </button>
            ) : null}
            {(['jsonl', 'csv'] as const).map((format) => (
              <button key={format} type="button" className="button" onClick={() => download.mutate(format)}>
                {text.download} {text.downloads[format]}
              </button>
            ))}
          </p>
          {download.error ? <ProblemNote problem={problemOf(download.error)} /> : null}
        </>
      ) : null}
    </section>
  )
}

/** For auditors: is the log whole, and what does it answer. */
export function AuditPage() {
  const { data: me } = useMe()
  const [asking, setAsking] = useState<{ filters: AuditFilters; count: number }>()
  const { isFetching, error } = useAuditEntries(asking?.filters, asking?.count ?? 0)
  if (!me) return <div className="page page--wide page--pending" aria-busy="true" />
  if (!me.duties.includes('read-log')) {
    return (
      <Page title={text.notYours}>
        <p className="measure">{text.notYoursHint}</p>
      </Page>
    )
  }
  const faults = error instanceof ApiError ? (error.problem.fields ?? {}) : {}
  return (
    <Page title={text.title} lead={text.lead} kind="wide">
      <VerificationState />
      <QuestionForm
        isPending={isFetching}
        faults={faults}
        onAsk={(filters) => setAsking({ filters, count: (asking?.count ?? 0) + 1 })}
      />
      {asking ? <Answer key={asking.count} filters={asking.filters} asked={asking.count} /> : null}
    </Page>
  )
}
