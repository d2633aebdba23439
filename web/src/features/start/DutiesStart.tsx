import type { Me } from '@muniment/api/contract'
import { Link } from '@tanstack/react-router'
import { Page } from '../../components/Page.tsx'
import { seesRetention } from '../../lib/retention-duties.ts'
import { readRoles } from '../../lib/role-words.ts'
import { text } from './text.ts'

/** For people whose role sees no records: what they can do, and the way there. */
export function DutiesStart({ me }: { me: Me }) {
  const may = (duty: string) => me.duties.includes(duty)
  const seesRules = may('read-log') || may('propose-rules') || may('approve-rules')
  return (
    <Page
      title={text.duties.title}
      documentTitle={text.duties.documentTitle}
      lead={me.roles.length > 0 ? text.duties.lead(readRoles(me.roles)) : text.duties.none(me.contact)}
    >
      <ul className="duties">
        {seesRetention(me) ? (
          <li>
            <Link to="/retention">{text.duties.retention}</Link>
            <p>{may('approve-destruction') ? text.duties.approveRetentionHint : text.duties.retentionHint}</p>
          </li>
        ) : null}
        {may('read-log') ? (
          <li>
            <Link to="/audit">{text.duties.log}</Link>
            <p>{text.duties.logHint}</p>
          </li>
        ) : null}
        {seesRules ? (
          <li>
            <Link to="/access">{text.duties.rules}</Link>
            <p>
              {may('approve-rules')
                ? text.duties.approveHint
                : may('propose-rules')
                  ? text.duties.proposeHint
                  : text.duties.rulesHint}
            </p>
          </li>
        ) : null}
        {may('operate') ? (
          <li>
            <strong>{text.duties.operate}</strong>
            <p>
              {text.duties.operateHint} <code>npx muniment</code>
            </p>
          </li>
        ) : null}
      </ul>
      {me.roles.length > 0 ? <p className="hint measure">{text.duties.more(me.contact)}</p> : null}
    </Page>
  )
}
