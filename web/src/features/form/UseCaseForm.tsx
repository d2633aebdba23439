import type { UseCaseDescription } from '@muniment/api/contract'
import { type FormEvent, useState } from 'react'
import { ApiError } from '../../api/http.ts'
import { useMe } from '../../api/me.ts'
import { useStartSearch } from '../../api/start-search.ts'
import { ErrorSummary } from '../../components/ErrorSummary.tsx'
import { Page } from '../../components/Page.tsx'
import { PinButton } from '../../components/PinButton.tsx'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { dropDraft, keepDraft, readDraft } from '../../lib/drafts.ts'
import { initialInputs } from '../../lib/initial-inputs.ts'
import { beginning } from './beginning.ts'
import { CostLine } from './CostLine.tsx'
import { Field } from './Field.tsx'
import { text } from './text.ts'
import { useUnloadWarning } from './useUnloadWarning.ts'
import { cleanInputs, type FieldError, type Inputs, validate } from './validate.ts'

export const fieldId = (name: string): string => `field-${name}`

interface UseCaseFormProps {
  useCase: UseCaseDescription
  /** The search that is to be changed. */
  from: string | undefined
  /** Inputs of that search, or of the one that was begun here. */
  earlier: Inputs | undefined
  /** The search that was begun here is forgotten. */
  onClear: () => void
}

export function UseCaseForm({ useCase, from, earlier, onClear }: UseCaseFormProps) {
  const { application, name } = useCase
  const [begun] = useState(() => beginning({ kept: readDraft(application, name), earlier, from }))
  const [inputs, setInputs] = useState<Inputs>(() => begun?.inputs ?? initialInputs(useCase))
  const [errors, setErrors] = useState<FieldError[]>([])
  const [attempt, setAttempt] = useState(0)
  const [isUnsent, setIsUnsent] = useState(begun?.isUnsent ?? false)
  const start = useStartSearch()
  const { data: me } = useMe()
  useUnloadWarning(isUnsent)

  const change = (field: string, value: string | string[]) => {
    const next = { ...inputs, [field]: value }
    setInputs(next)
    setIsUnsent(true)
    keepDraft(application, name, { draft: next, isUnsent: true, from })
    if (errors.length > 0) setErrors(errors.filter((error) => error.field !== field))
  }

  const fill = (next: Inputs) => {
    setInputs(next)
    setIsUnsent(false)
    keepDraft(application, name, { draft: next, isUnsent: false, from })
    setErrors([])
    start.reset()
  }

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const found = validate(useCase, inputs)
    setErrors(found)
    if (found.length > 0) {
      setAttempt((count) => count + 1)
      return
    }
    start.mutate(
      {
        application,
        useCase: name,
        inputs: cleanInputs(inputs, useCase.parameters),
        openSingle: useCase.kind === 'search',
        keepHere: true,
      },
      {
        onSuccess(started) {
          if (!started) return
          setIsUnsent(false)
          keepDraft(application, name, { draft: inputs, isUnsent: false, from })
        },
        onError(error) {
          const fields = error instanceof ApiError ? (error.problem.fields ?? {}) : {}
          setErrors(Object.entries(fields).map(([field, message]) => ({ field, message })))
          setAttempt((count) => count + 1)
        },
      },
    )
  }

  const messages = new Map(errors.map((error) => [error.field, error.message]))
  const isKnown = (field: string) => useCase.parameters.some((parameter) => parameter.name === field)
  const hasRequired = useCase.parameters.some((parameter) => parameter.required)
  const groups = useCase.requireOneOf.filter((group) => group.length > 1)
  // A use case's own example may have its query's title: it is offered once.
  const examples = useCase.examples.filter((one, at, all) => all.findIndex(({ title }) => title === one.title) === at)
  const seen = useCase.panels.filter((panel) => !panel.lacks?.length)
  const leftOut = useCase.panels.filter((panel) => panel.lacks?.length)
  const labelOf = (field: string) => useCase.parameters.find((one) => one.name === field)?.label ?? field

  return (
    <Page title={useCase.title} lead={useCase.description}>
      <p className="form__pin">
        <PinButton useCase={useCase} says />
      </p>
      <ErrorSummary
        attempt={attempt}
        errors={errors.map((error) => ({
          field: isKnown(error.field) ? fieldId(error.field) : '',
          message: error.message,
        }))}
      />
      {start.error && errors.length === 0 ? <ProblemNote problem={problemOf(start.error)} /> : null}
      <form noValidate className="form" onSubmit={submit}>
        {groups.map((group) => (
          <p key={group.join()} className="form__note">
            {text.oneOfHint(group.map(labelOf))}
          </p>
        ))}
        {useCase.parameters.map((parameter) => (
          <Field
            key={parameter.name}
            parameter={parameter}
            value={inputs[parameter.name]}
            error={messages.get(parameter.name)}
            saysOptional={hasRequired}
            onChange={(value) => change(parameter.name, value)}
          />
        ))}
        <p className="actions">
          <button type="submit" className="button button--primary" aria-disabled={start.isPending}>
            {start.isPending ? text.searching : text.search}
          </button>
          <button
            type="button"
            className="button"
            onClick={() => {
              fill(initialInputs(useCase))
              dropDraft(application, name)
              onClear()
            }}
          >
            {text.clear}
          </button>
          <CostLine useCase={useCase} inputs={inputs} />
        </p>
      </form>
      {examples.length > 0 ? (
        <section className="examples" aria-labelledby="examples">
          <h2 id="examples">{text.examples}</h2>
          <ul>
            {examples.slice(0, 4).map((example) => (
              <li key={example.title}>
                <button
                  type="button"
                  className="as-link"
                  onClick={() => {
                    fill({ ...initialInputs(useCase), ...example.inputs })
                    document.getElementById(fieldId(useCase.parameters[0]?.name ?? ''))?.focus()
                  }}
                >
                  {example.title}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {seen.length > 1 ? (
        <section className="examples" aria-labelledby="finds">
          <h2 id="finds">{text.finds}</h2>
          <p>{seen.map((panel) => panel.title).join(' · ')}</p>
        </section>
      ) : null}
      {leftOut.length > 0 ? (
        <section className="examples" aria-labelledby="left-out">
          <h2 id="left-out">{text.leftOut}</h2>
          <ul>
            {leftOut.map((panel) => (
              <li key={panel.name}>
                {panel.title} <span className="hint">{text.takes((panel.lacks ?? []).map(({ title }) => title))}</span>
              </li>
            ))}
          </ul>
          <p className="hint measure">
            {text.leftOutHint} {me?.contact}
          </p>
        </section>
      ) : null}
    </Page>
  )
}
