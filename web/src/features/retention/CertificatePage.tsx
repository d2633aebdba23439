import type { CertificateView, RunDetails } from '@muniment/api/contract'
import { Link, useParams } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { useCertificate, useRun } from '../../api/retention-runs.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { RetentionFrame, type RetentionPart } from '../../components/RetentionFrame.tsx'
import { TableHead } from '../../components/TableHead.tsx'
import { useSheetRules } from '../../components/useSheetRules.ts'
import { announce } from '../../lib/announce.ts'
import { copyText } from '../../lib/copy.ts'
import { formatCount, formatDay, formatMoment } from '../../lib/format.ts'
import { saveText } from '../../lib/save-text.ts'
import { useSettings } from '../../lib/settings.ts'
import { rowsThatStay } from './plan-words.ts'
import { text } from './text.ts'

const words = text.certificate

function CopyButton({ of, label }: { of: string; label: string }) {
  const [isCopied, setIsCopied] = useState(false)
  const copy = async () => {
    const done = await copyText(of)
    setIsCopied(done)
    announce(done ? words.copied : words.copyRefused)
  }
  return (
    <button type="button" className="quiet" aria-label={label} onClick={() => void copy()} data-print="never">
      {isCopied ? words.copied : words.copy}
    </button>
  )
}

/** To be marked, copied and compared: as it is, character for character. */
function Signed({ title, label, value }: { title: string; label: string; value: string }) {
  const id = useId()
  return (
    <section className="certificate__signed" aria-labelledby={id}>
      <div className="certificate__signed-head">
        <h2 id={id}>{title}</h2>
        <CopyButton of={value} label={label} />
      </div>
      <pre className="m-id">{value}</pre>
    </section>
  )
}

function Destroyed({ run }: { run: RunDetails }) {
  const { columns } = words
  const classes = run.classes.filter(({ due }) => due > 0)
  return (
    <table className="m-table">
      <TableHead
        columns={[
          columns.class,
          { label: columns.records, isNumber: true },
          { label: columns.rows, isNumber: true },
          columns.authority,
        ]}
      />
      <tbody>
        {classes.map((one) => (
          <tr key={one.class}>
            <th scope="row">{one.title}</th>
            <td className="is-num">{formatCount(one.due)}</td>
            <td className="is-num">{formatCount(one.rows)}</td>
            <td>
              {one.authorities
                .filter(({ records }) => records > 0)
                .map(({ title, authority }) => `${title}: ${authority}`)
                .join('; ')}
            </td>
          </tr>
        ))}
        {classes.length > 1 ? (
          <tr className="retention-table__sum">
            <th scope="row">{words.all}</th>
            <td className="is-num">{formatCount(run.records)}</td>
            <td className="is-num">{formatCount(run.rows)}</td>
            <td />
          </tr>
        ) : null}
      </tbody>
    </table>
  )
}

function Sheet({
  run,
  certificate,
  applicationTitle,
}: {
  run: RunDetails
  certificate: CertificateView
  applicationTitle: string
}) {
  const { dates, paper } = useSettings()
  useSheetRules({ head: `${words.title} ${run.run}`, aside: run.domainTitle, foot: applicationTitle })
  const signed = ({ by, at }: { by: string; at: string }) => words.signedBy(by, formatMoment(at, dates))
  const stays = rowsThatStay(run)
  const sentence =
    stays > 0
      ? words.part(run.records, run.rows, run.rows - stays, run.domainTitle, applicationTitle)
      : words.whole(run.records, run.rows, run.domainTitle, applicationTitle)
  const facts: [string, string, boolean][] = [
    [words.number, run.run, true],
    [words.application, applicationTitle, false],
    [words.domain, run.domainTitle, false],
    [words.asOf, formatDay(run.asOf, dates), false],
    [words.planned, signed(run.planned), false],
    ...(run.approved ? [[words.approved, signed(run.approved), false] as [string, string, boolean]] : []),
    [words.schedules, words.version(run.schedules), false],
    [words.plan, run.hash, true],
  ]
  return (
    <article className="document certificate" data-paper={paper}>
      <div className="cover">
        <p className="cover__from">
          {words.from} · {applicationTitle}
        </p>
        <p className="title-block__kind">{run.run}</p>
        <h1 tabIndex={-1}>{words.title}</h1>
        {certificate.verified ? <p className="certificate__sentence">{sentence}</p> : null}
        <p className="certificate__state" data-verified={certificate.verified}>
          {certificate.verified ? words.valid : words.invalid}
        </p>
        {certificate.findings.length > 0 ? (
          <>
            <h2>{words.findings}</h2>
            <ul className="sentences">
              {certificate.findings.map((finding) => (
                <li key={finding}>{finding}</li>
              ))}
            </ul>
          </>
        ) : null}
        <dl className="cover__facts">
          {facts.map(([label, value, isId]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className={isId ? 'm-id' : undefined}>{value}</dd>
            </div>
          ))}
        </dl>
        <section aria-labelledby="destroyed" className="certificate__part">
          <h2 id="destroyed">{words.what}</h2>
          <Destroyed run={run} />
          {stays > 0 ? <p>{words.staysNote(stays)}</p> : null}
        </section>
        <section aria-labelledby="check" className="certificate__part">
          <h2 id="check">{words.check}</h2>
          <ol className="certificate__steps">
            {words.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </section>
        <Signed title={words.signed} label={words.copyText} value={certificate.text} />
        <Signed title={words.signature} label={words.copySignature} value={certificate.signature} />
      </div>
    </article>
  )
}

function CertificateOrNone({ part }: { part: RetentionPart }) {
  const { run: id } = useParams({ from: '/retention/runs/$run/certificate' })
  const run = useRun(id)
  const certificate = useCertificate(id)
  const error = certificate.error ?? run.error
  if (error) {
    const problem = problemOf(error)
    return (
      <>
        <h1 tabIndex={-1}>{problem.status === 404 ? words.none : problem.title}</h1>
        <ProblemNote problem={problem} onRetry={() => void Promise.all([certificate.refetch(), run.refetch()])} />
        <p>
          <Link to="/retention/runs/$run" params={{ run: id }}>
            {words.back}
          </Link>
        </p>
      </>
    )
  }
  if (!run.data || !certificate.data) return <div className="page--pending" aria-busy="true" />
  const { text: signedText, signature } = certificate.data
  return (
    <>
      <div className="toolbar certificate__bar" data-print="never">
        <button type="button" className="button button--primary" onClick={() => window.print()}>
          {words.print}
        </button>
        <button
          type="button"
          className="button"
          onClick={() => saveText(words.fileName(id), JSON.stringify({ text: signedText, signature }, null, 2))}
        >
          {words.download}
        </button>
        <Link className="button" to="/retention/runs/$run" params={{ run: id }}>
          {words.back}
        </Link>
      </div>
      <div className="certificate__page">
        <Sheet
          run={run.data}
          certificate={certificate.data}
          applicationTitle={part.schedules[0]?.applicationTitle ?? part.applicationTitle}
        />
      </div>
    </>
  )
}

/** The proof of what was destroyed: for the file, for a judge, and for a stranger who trusts nobody here. */
export function CertificatePage() {
  const { run } = useParams({ from: '/retention/runs/$run/certificate' })
  return (
    <RetentionFrame documentTitle={words.documentTitle(run)} isOfOne>
      {(part) => <CertificateOrNone part={part} />}
    </RetentionFrame>
  )
}
