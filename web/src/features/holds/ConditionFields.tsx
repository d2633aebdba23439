import type { ModelDescription } from '@muniment/api/contract'
import { DateField } from '../../components/DateField.tsx'
import { Choice, Labelled } from './Labelled.tsx'
import { emptyCondition, type TypedCondition } from './scope.ts'
import { text } from './text.ts'

const words = text.scope

interface ConditionFieldsProps {
  id: string
  where: readonly TypedCondition[]
  columns: ModelDescription['tables'][number]['columns']
  faultOf: (field: string) => string | undefined
  onChange: (where: TypedCondition[]) => void
}

/** All of them must hold. */
export function ConditionFields({ id, where, columns, faultOf, onChange }: ConditionFieldsProps) {
  const change = (at: number, some: Partial<TypedCondition>) =>
    onChange(where.map((one, index) => (index === at ? { ...one, ...some } : one)))
  const options = columns.map(({ name, label }) => ({ value: name, label }))
  return (
    <>
      {where.map((condition, at) => {
        const column = columns.find(({ name }) => name === condition.column)
        const isDate = column?.type === 'date'
        const bound = (side: 'from' | 'to') => (
          <Labelled id={`${id}-${side}-${at}`} label={words[side]} fault={undefined}>
            {(aria) =>
              isDate ? (
                <DateField
                  {...aria}
                  name={side}
                  label={words[side]}
                  value={condition[side]}
                  onChange={(value) => change(at, { [side]: value })}
                />
              ) : (
                <input
                  {...aria}
                  type="text"
                  data-width="short"
                  value={condition[side]}
                  autoComplete="off"
                  onChange={(event) => change(at, { [side]: event.target.value })}
                />
              )
            }
          </Labelled>
        )
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place
          <fieldset key={at} className="condition">
            <legend>{words.condition(at + 1)}</legend>
            <Labelled id={`${id}-column-${at}`} label={words.column} fault={faultOf(`column-${at}`)}>
              {(aria) => (
                <Choice
                  {...aria}
                  options={options}
                  value={condition.column}
                  onChange={(value) => change(at, { ...emptyCondition, column: value })}
                />
              )}
            </Labelled>
            {isDate ? null : (
              <Labelled
                id={`${id}-values-${at}`}
                label={words.values}
                hint={words.valuesHint}
                fault={faultOf(`values-${at}`)}
              >
                {(aria) => (
                  <input
                    {...aria}
                    type="text"
                    value={condition.values}
                    autoComplete="off"
                    onChange={(event) => change(at, { values: event.target.value })}
                  />
                )}
              </Labelled>
            )}
            {isDate && faultOf(`values-${at}`) ? <p className="field__error">{faultOf(`values-${at}`)}</p> : null}
            <div className="condition__bounds">
              {bound('from')}
              {bound('to')}
            </div>
            {where.length > 1 ? (
              <button
                type="button"
                className="quiet"
                aria-label={words.remove(column?.label ?? words.condition(at + 1))}
                onClick={() => onChange(where.filter((_, index) => index !== at))}
              >
                {words.removeWord}
              </button>
            ) : null}
          </fieldset>
        )
      })}
      <button type="button" className="button" onClick={() => onChange([...where, emptyCondition])}>
        {words.add}
      </button>
    </>
  )
}
