import type { UseCaseDescription } from '@muniment/api/contract'
import { Link } from '@tanstack/react-router'
import { togglePin, usePins } from '../../lib/pins.ts'
import { text } from './text.ts'

interface UseCaseListProps {
  useCases: readonly UseCaseDescription[]
  /** Where the domain is not said by what is around the list. */
  domains?: ReadonlyMap<string, string>
  described?: boolean
}

export function UseCaseList({ useCases, domains, described }: UseCaseListProps) {
  const pinned = usePins()
  return (
    <ul className="use-cases">
      {useCases.map((useCase) => {
        const key = `${useCase.application}/${useCase.name}`
        const isPinned = pinned.includes(key)
        return (
          <li key={key} className="use-case">
            <Link
              to="/applications/$application/use-cases/$useCase"
              params={{ application: useCase.application, useCase: useCase.name }}
              data-entry
            >
              {useCase.title}
            </Link>
            {domains ? (
              <span className="use-case__domain">{domains.get(`${useCase.application}/${useCase.domain}`)}</span>
            ) : null}
            <button
              type="button"
              className="use-case__pin"
              aria-pressed={isPinned}
              aria-label={text.pin(useCase.title)}
              title={isPinned ? text.unpinWord : text.pinWord}
              onClick={() => togglePin(useCase.application, useCase.name)}
            >
              <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
                <path d="M4.500 2h7v12L8 11.200 4.500 14z" />
              </svg>
            </button>
            {described ? <p className="use-case__description">{useCase.description}</p> : null}
          </li>
        )
      })}
    </ul>
  )
}
