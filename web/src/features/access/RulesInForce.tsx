import type { AccessVersion } from '@muniment/api/contract'
import { TableHead } from '../../components/TableHead.tsx'
import { WideTable } from '../../components/WideTable.tsx'
import { formatCount, formatMoment } from '../../lib/format.ts'
import { readRole } from '../../lib/role-words.ts'
import { useSettings } from '../../lib/settings.ts'
import { readLimits, readPeriod, readRights, readScope, readSensitivities, readUnusualUse } from './grant-words.ts'
import { text } from './text.ts'

const { columns } = text

export function RulesInForce({ version }: { version: AccessVersion }) {
  const { dates } = useSettings()
  const { number, rules, proposed, approved } = version
  const isLimited = rules.grants.some(({ from, until }) => from || until)
  const facts = [
    text.since(formatMoment((approved ?? proposed).at, dates)),
    ...(approved ? [text.proposedBy(proposed.by), text.approvedBy(approved.by)] : [text.cameWith]),
    text.grants(rules.grants.length),
    `${text.bulk} ${text.bulkFrom(formatCount(rules.bulkRows))}`,
  ]
  return (
    <section className="rules" aria-labelledby="in-force">
      <h2 id="in-force">{text.inForce(number)}</h2>
      <p className="measure">{rules.title}</p>
      <p className="facts">{facts.join(' · ')}</p>
      <WideTable label={text.table}>
        <table className="m-table">
          <TableHead
            columns={[
              columns.groups,
              columns.role,
              columns.sees,
              columns.shown,
              columns.rights,
              columns.limits,
              ...(isLimited ? [columns.until] : []),
              columns.reason,
            ]}
          />
          <tbody>
            {rules.grants.map((grant) => (
              <tr key={grant.id}>
                <th scope="row">{grant.groups.join(', ')}</th>
                <td>{readRole(grant.role)}</td>
                <td>{readScope(grant)}</td>
                <td>{readSensitivities(grant)}</td>
                <td>{readRights(grant)}</td>
                <td>{readLimits(rules.limits[grant.role])}</td>
                {isLimited ? <td>{readPeriod(grant, dates)}</td> : null}
                <td>{grant.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
      <p className="measure">
        {text.unusual.title}: {readUnusualUse(rules.unusualUse)}.
      </p>
      <p className="hint">{rules.contact}</p>
    </section>
  )
}
