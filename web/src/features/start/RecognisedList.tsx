import type { Recognised } from './recognise.ts'
import { text } from './text.ts'

interface RecognisedListProps {
  recognised: readonly Recognised[]
  value: string
  pending: boolean
  onChoose: (choice: Recognised) => void
}

export function RecognisedList({ recognised, value, pending, onChoose }: RecognisedListProps) {
  if (recognised.length === 0) return null
  return (
    <section aria-labelledby="recognised">
      <h2 id="recognised">{text.recognisedTitle}</h2>
      <ul className="use-cases">
        {recognised.map((choice) => (
          <li key={`${choice.useCase.application}/${choice.useCase.name}`} className="use-case">
            <button type="button" className="as-link" data-entry disabled={pending} onClick={() => onChoose(choice)}>
              {choice.useCase.title}
            </button>
            <span className="use-case__domain">
              {choice.parameter.label} <span className="m-id">{value}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
