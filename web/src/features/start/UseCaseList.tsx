import type { UseCaseDescription } from '@muniment/api/contract'
import { Link } from '@tanstack/react-router'
import { PinButton } from '../../components/PinButton.tsx'

interface UseCaseListProps {
  useCases: readonly UseCaseDescription[]
  /** Where the domain is not said by what is around the list. */
  domains?: ReadonlyMap<string, string>
  described?: boolean
}

export function UseCaseList({ useCases, domains, described }: UseCaseListProps) {
  return (
    <ul className="use-cases">
      {useCases.map((useCase) => {
        const key = `${useCase.application}/${useCase.name}`
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
            <PinButton useCase={useCase} />
            {described ? <p className="use-case__description">{useCase.description}</p> : null}
          </li>
        )
      })}
    </ul>
  )
}
