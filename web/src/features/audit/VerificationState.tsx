import type { AuditVerification } from '@muniment/api/contract'
import { useVerification, useVerifyNow } from '../../api/audit-verification.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { formatMoment } from '../../lib/format.ts'
import { useSettings } from '../../lib/settings.ts'
import { text } from './text.ts'

const words = text.verification

function headline({ state, ok }: AuditVerification): string {
  if (state === 'running') return words.running
  if (state === 'never') return words.never
  if (state === 'failed') return words.failed
  return ok ? words.whole : words.wrong
}

/** By which key, and against what from elsewhere. */
function Checked({ verification: { key, witness = [] } }: { verification: AuditVerification }) {
  if (key === undefined) return null
  return (
    <dl className="plain-facts">
      <div>
        <dt>{words.key}</dt>
        <dd>
          <span className="m-id">{key}</span>
          <br />
          {words.keyHint}
        </dd>
      </div>
      <div>
        <dt>{words.witness}</dt>
        <dd>
          {witness.length === 0
            ? words.noWitness
            : witness.map(({ name, checkpoints, largest }) => words.witnesses(name, checkpoints, largest)).join('; ')}
        </dd>
      </div>
    </dl>
  )
}

/** The state of the log in plain words: what is wrong comes first, in words and not by colour alone. */
export function VerificationState() {
  const { data, error, refetch } = useVerification()
  const verify = useVerifyNow()
  const { dates } = useSettings()
  const isWrong = data?.state !== 'running' && (data?.ok === false || data?.state === 'failed')
  const facts = data
    ? [
        ...(data.checkedAt ? [words.at(formatMoment(data.checkedAt, dates))] : []),
        ...(data.covered
          ? [words.covered(data.covered.entries, data.covered.at ? formatMoment(data.covered.at, dates) : '')]
          : []),
        ...(data.uncovered ? [words.uncovered(data.uncovered.entries)] : []),
      ]
    : []
  return (
    <section className="verification" aria-labelledby="verification">
      <h2 id="verification">{words.title}</h2>
      {error ? <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} /> : null}
      {data ? (
        <>
          <p className="verification__state" data-wrong={isWrong} role="status">
            {headline(data)}
          </p>
          {isWrong ? (
            <div className="problem">
              {data.firstWrong ? (
                <>
                  <p>
                    {words.firstWrong}:{' '}
                    <span className="m-id">{words.place(data.firstWrong.file, data.firstWrong.entry)}</span>
                  </p>
                  <p>{data.firstWrong.message}</p>
                  <p>{words.notAfter}</p>
                </>
              ) : (
                data.sentences.slice(0, 2).map((sentence) => <p key={sentence}>{sentence}</p>)
              )}
            </div>
          ) : null}
          {facts.length > 0 ? <p className="facts">{facts.join(' · ')}</p> : null}
          <p className="actions">
            <button
              type="button"
              className="button"
              aria-disabled={data.state === 'running' || verify.isPending}
              onClick={() => (data.state === 'running' ? undefined : verify.mutate())}
            >
              {data.state === 'running' ? words.checking : words.now}
            </button>
          </p>
          {verify.error ? <ProblemNote problem={problemOf(verify.error)} /> : null}
          <details>
            <summary>{words.checked}</summary>
            <ul className="sentences">
              {data.sentences.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
            <Checked verification={data} />
            <p className="hint">
              {words.proof} <code>npx muniment audit verify</code>.
            </p>
          </details>
          {data.findings.length > 0 ? (
            <details>
              <summary>{words.findings(data.findings.length)}</summary>
              <ul className="sentences">
                {data.findings.map((finding) => (
                  <li key={`${finding.kind}${finding.of}`}>{finding.message}</li>
                ))}
              </ul>
            </details>
          ) : null}
        </>
      ) : null}
    </section>
  )
}
