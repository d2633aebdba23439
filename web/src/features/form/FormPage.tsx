import { Link, useSearch as useAddressSearch, useParams, useRouter, useRouterState } from '@tanstack/react-router'
import { useSearch } from '../../api/search.ts'
import { useUseCases } from '../../api/use-cases.ts'
import { Page } from '../../components/Page.tsx'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { text } from './text.ts'
import { UseCaseForm } from './UseCaseForm.tsx'

export function FormPage() {
  const { application, useCase: name } = useParams({ from: '/applications/$application/use-cases/$useCase' })
  const { from } = useAddressSearch({ from: '/applications/$application/use-cases/$useCase' })
  const { data, error, refetch } = useUseCases(application)
  // Back and a reload bring back what was searched from here; a search that is gone leaves the form as it was found.
  const begun = useRouterState({ select: (state) => state.location.state.begun })
  const router = useRouter()
  const id = begun ?? from
  const earlier = useSearch(id ?? '', id !== undefined)
  const useCase = data?.find((one) => one.name === name)

  if (error) {
    const problem = problemOf(error)
    return (
      <Page title={problem.title}>
        <ProblemNote problem={problem} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (data && !useCase) {
    return (
      <Page title={text.notFound}>
        <p className="measure">{text.notFoundHint}</p>
        <Link to="/">{text.back}</Link>
      </Page>
    )
  }
  if (!useCase || (id && earlier.isPending)) return <div className="page page--read page--pending" aria-busy="true" />
  const isSame = earlier.data?.application === application && earlier.data.useCase === name
  return (
    <UseCaseForm
      key={`${application}/${name}/${from ?? ''}`}
      useCase={useCase}
      from={from}
      earlier={id && isSame ? earlier.data?.inputs : undefined}
      onClear={() => router.history.replace(router.history.location.href, {})}
    />
  )
}
