import type { AccessProposal, AccessVersion, Me } from '@muniment/api/contract'
import { type FormEvent, useState } from 'react'
import { useApprove } from '../../api/access-rules.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { announce } from '../../lib/announce.ts'
import { formatMoment } from '../../lib/format.ts'
import { useSettings } from '../../lib/settings.ts'
import { changesBetween } from './changes.ts'
import { Refusal, Withdrawal } from './EndProposal.tsx'
import { text } from './text.ts'

interface ProposalProps {
  proposal: AccessProposal
  version: AccessVersion
  me: Me
}

/** What is approved is read back, and its number asked for. */
function Approval({ proposal, version, changes }: Omit<ProposalProps, 'me'> & { changes: number }) {
  const approve = useApprove()
  const [typed, setTyped] = useState('')
  const [isWrong, setIsWrong] = useState(false)
  const next = version.number + 1
  const id = `approve-${proposal.id}`
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const isRight = typed.trim() === String(next)
    setIsWrong(!isRight)
    if (!isRight) document.getElementById(id)?.focus()
    else approve.mutate(proposal.id, { onSuccess: ({ number }) => announce(text.approved(number)) })
  }
  return (
    <form noValidate className="field" onSubmit={submit}>
      <p className="measure">{text.readBack(changes)}</p>
      <label htmlFor={id}>{text.confirm(next)}</label>
      {isWrong ? (
        <p className="field__error" id={`${id}-error`}>
          {text.wrongNumber(next)}
        </p>
      ) : null}
      <p className="toolbar">
        <input
          id={id}
          type="text"
          inputMode="numeric"
          size={6}
          value={typed}
          autoComplete="off"
          aria-invalid={isWrong || undefined}
          aria-describedby={isWrong ? `${id}-error` : undefined}
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" className="button button--primary" aria-disabled={approve.isPending}>
          {approve.isPending ? text.approving : text.approve}
        </button>
      </p>
      {approve.error ? <ProblemNote problem={problemOf(approve.error)} /> : null}
    </form>
  )
}

export function Proposal({ proposal, version, me }: ProposalProps) {
  const { dates } = useSettings()
  const changes = changesBetween(version.rules, proposal.rules)
  const isOpen = proposal.state === 'open'
  const id = `proposal-${proposal.id}`
  const isOwn = proposal.proposed.by === me.id
  const may = isOpen && me.duties.includes('approve-rules')
  return (
    <article className="proposal" aria-labelledby={id}>
      <h3 id={id}>{proposal.reason}</h3>
      <p className="facts">
        {[
          text.proposedBy(proposal.proposed.by),
          formatMoment(proposal.proposed.at, dates),
          text.states[proposal.state],
        ].join(' · ')}
      </p>
      {isOpen ? (
        <>
          <p>{text.changes}</p>
          {changes.length === 0 ? (
            <p className="m-empty">{text.noChange}</p>
          ) : (
            <ul className="sentences">
              {changes.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          )}
        </>
      ) : null}
      {proposal.ended ? (
        <p className="measure">
          {text.endedBy(proposal.ended.by, formatMoment(proposal.ended.at, dates))}
          {proposal.ended.reason ? `: ${proposal.ended.reason}` : null}
        </p>
      ) : null}
      {isOpen && isOwn && me.duties.includes('propose-rules') ? <Withdrawal id={proposal.id} /> : null}
      {may && isOwn ? <p className="m-note">{text.own}</p> : null}
      {may && !isOwn ? (
        <>
          <Approval proposal={proposal} version={version} changes={changes.length} />
          <Refusal id={proposal.id} />
        </>
      ) : null}
    </article>
  )
}
