import { useAccessRules, useProposals } from '../../api/access-rules.ts'
import { useMe } from '../../api/me.ts'
import { Page } from '../../components/Page.tsx'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { Proposal } from './Proposal.tsx'
import { ProposeForm } from './ProposeForm.tsx'
import { RulesInForce } from './RulesInForce.tsx'
import { text } from './text.ts'

const duties = ['read-log', 'propose-rules', 'approve-rules']

/** Who may see what, what is proposed, and the second person's word. */
export function AccessPage() {
  const { data: me } = useMe()
  const may = duties.some((duty) => me?.duties.includes(duty))
  const rules = useAccessRules(may)
  const proposals = useProposals(may)
  if (!me) return <div className="page page--wide page--pending" aria-busy="true" />
  if (!may) {
    return (
      <Page title={text.notYours}>
        <p className="measure">{text.notYoursHint}</p>
      </Page>
    )
  }
  const error = rules.error ?? proposals.error
  const open = (proposals.data ?? []).filter(({ state }) => state === 'open')
  const past = (proposals.data ?? []).filter(({ state }) => state !== 'open')
  return (
    <Page title={text.title} lead={text.lead} kind="wide">
      {error ? (
        <ProblemNote
          problem={problemOf(error)}
          onRetry={() => void Promise.all([rules.refetch(), proposals.refetch()])}
        />
      ) : null}
      {rules.data ? <RulesInForce version={rules.data} /> : null}
      {rules.data && proposals.data ? (
        <section className="rules" aria-labelledby="proposals">
          <h2 id="proposals">{text.proposals}</h2>
          {open.length === 0 ? <p className="m-empty">{text.none}</p> : null}
          {open.map((proposal) => (
            <Proposal key={proposal.id} proposal={proposal} version={rules.data} me={me} />
          ))}
          {past.length > 0 ? (
            <details>
              <summary>{text.past}</summary>
              {past.map((proposal) => (
                <Proposal key={proposal.id} proposal={proposal} version={rules.data} me={me} />
              ))}
            </details>
          ) : null}
        </section>
      ) : null}
      {rules.data && me.duties.includes('propose-rules') ? (
        <ProposeForm key={rules.data.number} version={rules.data} />
      ) : null}
    </Page>
  )
}
