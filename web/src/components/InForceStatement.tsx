import type { InForce, PanelState } from '@muniment/api/contract'
import { leftOutOf } from '../lib/in-force.ts'
import { listed, readRoles } from '../lib/role-words.ts'
import { text } from './text.ts'

interface InForceStatementProps {
  inForce: InForce
  panels: readonly PanelState[]
}

/** All that the access rules withhold, whether or not it removed anything: on the screen when it is opened, on paper always. */
export function InForceStatement({ inForce, panels }: InForceStatementProps) {
  const leftOut = leftOutOf(panels)
  const { roles = [] } = inForce
  return (
    <dl className="plain-facts in-force__facts">
      {inForce.masks.map(({ table, title, columns }) => {
        const of = (mask: 'hidden' | 'partial') =>
          columns.filter((column) => column.mask === mask).map((column) => column.label)
        const [hidden, partial] = [of('hidden'), of('partial')]
        return (
          <div key={table}>
            <dt>{text.maskedIn(title)}</dt>
            <dd>
              {hidden.length > 0 ? hidden.join(', ') : null}
              {hidden.length > 0 && partial.length > 0 ? '; ' : null}
              {partial.length > 0 ? text.partly(partial.join(', ')) : null}
            </dd>
          </div>
        )
      })}
      {inForce.rowRules.map((rule) => (
        <div key={rule.name}>
          <dt>{text.leftOut}</dt>
          <dd>
            <strong>{rule.title}.</strong> {rule.description}
          </dd>
        </div>
      ))}
      {leftOut.map((panel) => (
        <div key={panel.name}>
          <dt>{text.partLeftOut}</dt>
          <dd>
            <strong>{panel.title}.</strong> {text.needs(listed((panel.lacks ?? []).map(({ title }) => title)))}
          </dd>
        </div>
      ))}
      <div>
        <dt>{text.byRules}</dt>
        <dd>
          {inForce.rules > 0 ? text.rules(inForce.rules, readRoles(roles)) : text.noRules}
          {inForce.masks.length + inForce.rowRules.length + leftOut.length === 0 ? ` ${text.withholdsNothing}` : null}
        </dd>
      </div>
      {inForce.contact ? (
        <div>
          <dt>{text.whoHelps}</dt>
          <dd>{inForce.contact}</dd>
        </div>
      ) : null}
    </dl>
  )
}
