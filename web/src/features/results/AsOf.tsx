import type { Search } from '@muniment/api/contract'
import { type FormEvent, useState } from 'react'
import { useStartSearch } from '../../api/start-search.ts'
import { useUseCases } from '../../api/use-cases.ts'
import { DateField } from '../../components/DateField.tsx'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { dateFault, dateWords } from '../../lib/date-words.ts'
import { useSettings } from '../../lib/settings.ts'
import { text } from './text.ts'

const names = ['valid_on', 'known_on']

/** The dates a file is read at. Another date is another search, with an id of its own. */
export function AsOf({ search }: { search: Search }) {
  const { data: useCases } = useUseCases(search.application)
  const { dates: style } = useSettings()
  const start = useStartSearch()
  const shown = Object.fromEntries(names.map((name) => [name, String(search.inputs[name] ?? '')]))
  const [typed, setTyped] = useState(shown)
  const [fault, setFault] = useState<{ field: string; message: string }>()
  const useCase = useCases?.find((one) => one.name === search.useCase)
  const parameters = names.flatMap((name) => useCase?.parameters.find((one) => one.name === name) ?? [])
  if (parameters.length === 0) return null

  const run = (dates: Record<string, string>) => {
    const kept = Object.entries(search.inputs).filter(([name]) => !names.includes(name))
    const given = Object.entries(dates).filter(([, date]) => date.trim() !== '')
    start.mutate({
      application: search.application,
      useCase: search.useCase,
      inputs: Object.fromEntries([...kept, ...given]),
    })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const faults = parameters.flatMap(({ name, label }) => {
      const value = typed[name] ?? ''
      const message = value.trim() === '' ? undefined : dateFault(label, value, style)
      return message ? [{ field: name, message }] : []
    })
    setFault(faults[0])
    if (faults[0]) document.getElementById(`as-of-${faults[0].field}`)?.focus()
    else run(typed)
  }
  const isDated = names.some((name) => shown[name] !== '')
  const canReset = isDated && parameters.every((parameter) => !parameter.required && parameter.default === undefined)
  return (
    <form className="as-of" noValidate onSubmit={submit} data-print="never" aria-label={text.asOf.title}>
      {parameters.map(({ name, label, hint }) => (
        <div key={name} className="as-of__field" title={hint}>
          <label htmlFor={`as-of-${name}`}>{label}</label>
          <DateField
            id={`as-of-${name}`}
            name={name}
            label={label}
            value={typed[name] ?? ''}
            onChange={(value) => {
              setTyped({ ...typed, [name]: value })
              setFault(undefined)
            }}
            aria-invalid={fault?.field === name ? true : undefined}
            aria-describedby={fault?.field === name ? 'as-of-error as-of-hint' : 'as-of-hint'}
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
      {isDated && search.kind === 'file' ? <p className="facts as-of__note">{text.asOf.exceptions}</p> : null}
      <p className="visually-hidden" id="as-of-hint">
        {dateWords.hint(style)}
      </p>
      {fault ? (
        <p className="field__error as-of__error" id="as-of-error" role="alert">
          {fault.message}
        </p>
      ) : null}
      {start.error ? <ProblemNote problem={problemOf(start.error)} /> : null}
    </form>
  )
}
