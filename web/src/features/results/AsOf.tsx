import type { Search } from '@muniment/api/contract'
import { type FormEvent, useState } from 'react'
import { useStartSearch } from '../../api/start-search.ts'
import { useUseCases } from '../../api/use-cases.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { text } from './text.ts'

const names = ['valid_on', 'known_on']

/** The dates a file is read at. Another date is another search, with an id of its own. */
export function AsOf({ search }: { search: Search }) {
  const { data: useCases } = useUseCases(search.application)
  const start = useStartSearch()
  const [error, setError] = useState<string>()
  const useCase = useCases?.find((one) => one.name === search.useCase)
  const parameters = names.flatMap((name) => useCase?.parameters.find((one) => one.name === name) ?? [])
  if (parameters.length === 0) return null

  const dateOf = (name: string) => String(search.inputs[name] ?? '')
  const run = (dates: Record<string, string>) => {
    const kept = Object.entries(search.inputs).filter(([name]) => !names.includes(name))
    const given = Object.entries(dates).filter(([, date]) => date !== '')
    start.mutate({
      application: search.application,
      useCase: search.useCase,
      inputs: Object.fromEntries([...kept, ...given]),
    })
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = [...event.currentTarget.querySelectorAll<HTMLInputElement>('input[type=date]')]
    const bad = fields.find((field) => field.validity.badInput)
    setError(bad ? text.asOf.badDate : undefined)
    if (bad) bad.focus()
    else run(Object.fromEntries(fields.map((field) => [field.name, field.value])))
  }
  const isDated = names.some((name) => dateOf(name) !== '')
  const canReset = isDated && parameters.every((parameter) => !parameter.required && parameter.default === undefined)
  return (
    <form className="as-of" noValidate onSubmit={submit} data-print="never" aria-label={text.asOf.title}>
      {parameters.map((parameter) => (
        <div key={parameter.name} className="as-of__field">
          <label htmlFor={`as-of-${parameter.name}`}>{parameter.label}</label>
          <input
            key={`${search.id}${dateOf(parameter.name)}`}
            type="date"
            id={`as-of-${parameter.name}`}
            name={parameter.name}
            defaultValue={dateOf(parameter.name)}
            min="0001-01-01"
            max="9999-12-31"
            title={parameter.hint}
            aria-invalid={error ? true : undefined}
            aria-describedby={error ? 'as-of-error' : undefined}
          />
        </div>
      ))}
      <button type="submit" className="button" aria-disabled={start.isPending}>
        {start.isPending ? text.asOf.showing : text.asOf.show}
      </button>
      {canReset ? (
        <button type="button" className="quiet" onClick={() => run({})}>
          {text.asOf.latest}
        </button>
      ) : null}
      {error ? (
        <p className="field__error" id="as-of-error" role="alert">
          {error}
        </p>
      ) : null}
      {start.error ? <ProblemNote problem={problemOf(start.error)} /> : null}
    </form>
  )
}
