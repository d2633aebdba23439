import { formatDay } from '../../lib/format.ts'
import { useSettings } from '../../lib/settings.ts'
import type { Recognised } from './recognise.ts'
import { text } from './text.ts'

interface RecognisedListProps {
  recognised: readonly Recognised[]
  pending: boolean
  onChoose: (choice: Recognised) => void
}

export function RecognisedList({ recognised, pending, onChoose }: RecognisedListProps) {
  const { dates } = useSettings()
  const [first] = recognised
  if (!first) return null
  return (
    <section aria-labelledby="recognised">
      <h2 id="recognised">{text.recognised[first.as]}</h2>
      <ul className="use-cases">
        {recognised.map((choice) => (
          <li key={`${choice.useCase.application}/${choice.useCase.name}`} className="use-case">
            <button type="button" className="as-link" data-entry disabled={pending} onClick={() => onChoose(choice)}>
              {choice.useCase.title}
            </button>
            <span className="use-case__domain">
              {choice.filled.map(({ parameter, value }, at) => (
                <span key={parameter.name}>
                  {at > 0 ? ', ' : ''}
                  {parameter.label}{' '}
                  <bdi className={choice.as === 'name' ? undefined : 'm-id'}>
                    {choice.as === 'date' ? formatDay(value, dates) : value}
                  </bdi>
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
