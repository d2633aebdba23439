import type { DomainSchedulesView, ModelDescription } from '@muniment/api/contract'
import { ConditionFields } from './ConditionFields.tsx'
import { Choice, Labelled } from './Labelled.tsx'
import { emptyCondition, keyLabelsOf, type ScopeFault, type ScopeKind, type TypedScope } from './scope.ts'
import { text } from './text.ts'

const words = text.scope

interface ScopeFieldsProps {
  id: string
  typed: TypedScope
  faults: readonly ScopeFault[]
  model: ModelDescription
  schedules: readonly DomainSchedulesView[]
  onChange: (typed: TypedScope) => void
}

/** Which records: asked for in the way in which somebody knows them. */
export function ScopeFields({ id, typed, faults, model, schedules, onChange }: ScopeFieldsProps) {
  const change = (some: Partial<TypedScope>) => onChange({ ...typed, ...some })
  const faultOf = (field: string) => faults.find((one) => one.field === field)?.message
  const titleOf = new Map(model.domains.map(({ name, title }) => [name, title]))
  const tables = model.tables
    .map(({ name, title, domain }) => ({ value: name, label: `${title} (${titleOf.get(domain) ?? domain})` }))
    .sort((left, right) => left.label.localeCompare(right.label))
  const kinds = (Object.keys(words.kinds) as ScopeKind[]).filter((kind) => kind !== 'class' || schedules.length > 0)
  const keyLabels = keyLabelsOf(model.tables, typed.table)
  const tableField = (
    <Labelled id={`${id}-table`} label={words.table} fault={faultOf('table')}>
      {(aria) => (
        <Choice
          {...aria}
          options={tables}
          value={typed.table}
          onChange={(table) => change({ table, where: [emptyCondition] })}
        />
      )}
    </Labelled>
  )
  return (
    <>
      <fieldset className="field choices">
        <legend>{words.title}</legend>
        {kinds.map((kind) => (
          <label key={kind} className="choice">
            <input
              type="radio"
              name={`${id}-kind`}
              value={kind}
              checked={typed.kind === kind}
              onChange={() => change({ kind })}
            />
            <span>
              {words.kinds[kind][0]}
              {words.kinds[kind][1] ? <span className="hint"> {words.kinds[kind][1]}</span> : null}
            </span>
          </label>
        ))}
      </fieldset>
      {typed.kind === 'keys' ? (
        <>
          {tableField}
          <Labelled
            id={`${id}-keys`}
            label={words.keys(keyLabels)}
            hint={words.keysHint(keyLabels.length)}
            fault={faultOf('keys')}
          >
            {(aria) => (
              <textarea
                {...aria}
                className="keys-field"
                rows={4}
                value={typed.keys}
                spellCheck={false}
                autoComplete="off"
                onChange={(event) => change({ keys: event.target.value })}
              />
            )}
          </Labelled>
        </>
      ) : null}
      {typed.kind === 'person' ? (
        <Labelled id={`${id}-person`} label={words.person} hint={words.personHint} fault={faultOf('person')}>
          {(aria) => (
            <input
              {...aria}
              type="text"
              data-width="short"
              value={typed.person}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => change({ person: event.target.value })}
            />
          )}
        </Labelled>
      ) : null}
      {typed.kind === 'condition' ? (
        <>
          {tableField}
          <ConditionFields
            id={id}
            where={typed.where}
            columns={model.tables.find(({ name }) => name === typed.table)?.columns ?? []}
            faultOf={faultOf}
            onChange={(where) => change({ where })}
          />
        </>
      ) : null}
      {typed.kind === 'class' ? (
        <Labelled id={`${id}-class`} label={words.class} fault={faultOf('class')}>
          {(aria) => (
            <Choice
              {...aria}
              options={schedules.flatMap((one) =>
                one.classes.map(({ name, title }) => ({
                  value: `${one.domain}/${name}`,
                  label: `${title} (${one.domainTitle})`,
                })),
              )}
              value={typed.class}
              onChange={(value) => change({ class: value })}
            />
          )}
        </Labelled>
      ) : null}
      {typed.kind === 'domain' ? (
        <Labelled id={`${id}-domain`} label={words.domain} fault={faultOf('domain')}>
          {(aria) => (
            <Choice
              {...aria}
              options={model.domains.map(({ name, title }) => ({ value: name, label: title }))}
              value={typed.domain}
              onChange={(domain) => change({ domain })}
            />
          )}
        </Labelled>
      ) : null}
    </>
  )
}
