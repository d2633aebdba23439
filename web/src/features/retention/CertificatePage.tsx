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
import { certificateFile, readStatement, type Statement } from './statement.ts'
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

const sum = (classes: Statement['classes'], of: 'records' | 'rows'): number =>
  classes.reduce((all, one) => all + one[of], 0)

function Destroyed({
  statement: { classes, authorities, held, remains },
  run,
}: {
  statement: Statement
  run: RunDetails
}) {
  const { columns } = words
  return (
    <>
      <section aria-labelledby="destroyed" className="certificate__part">
        <h2 id="destroyed">{words.what}</h2>
        <table className="m-table">
          <TableHead
            columns={[
              columns.class,
              { label: columns.records, isNumber: true },
              { label: columns.rows, isNumber: true },
            ]}
          />
          <tbody>
            {classes.map(({ name, records, rows }) => (
              <tr key={name}>
                <th scope="row">{run.classes.find((one) => one.class === name)?.title ?? name}</th>
                <td className="is-num">{formatCount(records)}</td>
                <td className="is-num">{formatCount(rows)}</td>
              </tr>
            ))}
            {classes.length > 1 ? (
              <tr className="retention-table__sum">
                <th scope="row">{words.all}</th>
                <td className="is-num">{formatCount(sum(classes, 'records'))}</td>
                <td className="is-num">{formatCount(sum(classes, 'rows'))}</td>
              </tr>
            ) : null}
          </tbody>
        </table>
        {held > 0 ? <p className="certificate__note">{words.heldNote(held)}</p> : null}
      </section>
      {authorities.length > 0 ? (
        <section aria-labelledby="authority" className="certificate__part">
          <h2 id="authority">{words.under}</h2>
          <ul className="sentences">
            {authorities.map(({ schedule, title, authority, records }) => (
              <li key={schedule}>{text.run.authorityOf(records, title, authority)}</li>
            ))}
          </ul>
        </section>
      ) : null}
      {remains.length > 0 ? (
        <section aria-labelledby="remains" className="certificate__part">
          <h2 id="remains">{words.remains}</h2>
          <ul className="sentences">
            {remains.map(({ what, why }) => (
              <li key={what}>{words.remainsOf(what, why)}</li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  )
}

interface SheetProps {
  run: RunDetails
  certificate: CertificateView
  applicationTitle: string
}

/** What counts is what was signed: figures are read from it, and from nothing else. */
function Sheet({ run, certificate, applicationTitle }: SheetProps) {
  const { dates, paper } = useSettings()
  useSheetRules({ head: `${words.title} ${run.run}`, aside: run.domainTitle, foot: applicationTitle })
  const statement = readStatement(certificate.text)
  const moment = (at: string) => formatMoment(at, dates)
  const signed = ({ by, at }: { by: string; at: string }) => words.signedBy(by, moment(at))
  const facts: [string, string, boolean][] = [
    [words.number, run.run, true],
    [words.application, applicationTitle, false],
    [words.domain, run.domainTitle, false],
    [words.asOf, formatDay(run.asOf, dates), false],
    [words.planned, signed(run.planned), false],
    [words.approved, run.approved ? signed(run.approved) : '', false],
    [
      words.executed,
      statement?.finished ? words.between(moment(statement.begun), moment(statement.finished)) : '',
      false,
    ],
    [words.verified, statement?.verified ? moment(statement.verified) : '', false],
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
        {certificate.verified && statement ? (
          <p className="certificate__sentence">
            {words.sentence(
              sum(statement.classes, 'records'),
              sum(statement.classes, 'rows'),
              run.domainTitle,
              applicationTitle,
            )}
          </p>
        ) : null}
        <p className="certificate__state" data-verified={certificate.verified}>
          {certificate.verified ? words.valid : words.invalid}
        </p>
        {certificate.findings.length > 0 ? (
          <section aria-labelledby="findings">
            <h2 id="findings">{words.findings}</h2>
            <ul className="sentences">
              {certificate.findings.map((finding) => (
                <li key={finding}>{finding}</li>
              ))}
            </ul>
          </section>
        ) : null}
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
        {statement ? <Destroyed statement={statement} run={run} /> : null}
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
          onClick={() => saveText(words.fileName(id), certificateFile(signedText, signature))}
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
