import type { UseCaseDescription } from '@muniment/api/contract'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef } from 'react'
import { useApplications } from '../../api/applications.ts'
import { useRecentSearches } from '../../api/searches.ts'
import { useStartSearch } from '../../api/start-search.ts'
import { useAllUseCases } from '../../api/use-cases.ts'
import { useDocumentTitle } from '../../components/Page.tsx'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { announce } from '../../lib/announce.ts'
import { keepDraft } from '../../lib/drafts.ts'
import { finderText } from '../../lib/finder.ts'
import { initialInputs } from '../../lib/initial-inputs.ts'
import { usePins } from '../../lib/pins.ts'
import { useStore } from '../../lib/store.ts'
import { ApplicationIndex } from './ApplicationIndex.tsx'
import { findUseCases, indexUseCases } from './findUseCases.ts'
import { RecognisedList } from './RecognisedList.tsx'
import { type Recognised, recognise, recogniseName } from './recognise.ts'
import { text } from './text.ts'
import { UseCaseList } from './UseCaseList.tsx'

/** Moves the focus through the field and the links below it, in the order they are read. */
function moveThroughLinks(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('#find, [data-entry]')]
  const at = links.indexOf(document.activeElement as HTMLElement)
  const next = links[at + (event.key === 'ArrowDown' ? 1 : -1)]
  if (at < 0 || !next) return
  event.preventDefault()
  next.focus()
}

export function SearchStart() {
  const typed = useStore(finderText)
  const words = useDeferredValue(typed.trim())
  const field = useRef<HTMLInputElement>(null)
  const navigate = useNavigate()
  const start = useStartSearch()
  const applications = useApplications()
  // Applications that hold records first: the others have nothing to find yet.
  const ordered = useMemo(
    () => [...(applications.data ?? [])].sort((left, right) => Number(right.rows > 0) - Number(left.rows > 0)),
    [applications.data],
  )
  const names = ordered.map((application) => application.name)
  const { useCases, pending, error } = useAllUseCases(names)
  const recent = useRecentSearches()
  const pinned = usePins()
  useDocumentTitle(text.documentTitle)
  useEffect(() => field.current?.focus({ preventScroll: true }), [])

  const byKey = new Map(useCases.map((useCase) => [`${useCase.application}/${useCase.name}`, useCase]))
  const domains = new Map(
    (applications.data ?? []).flatMap((application) =>
      application.domains.map((domain) => [`${application.name}/${domain.name}`, domain.title] as const),
    ),
  )
  const found = words ? findUseCases(indexUseCases(useCases, domains), words) : []
  const filled = new Set(ordered.flatMap((application) => (application.rows > 0 ? [application.name] : [])))
  const withRecords = useCases.filter((useCase) => filled.has(useCase.application))
  const recognised = recognise(withRecords, words)
  const named = recognised.length === 0 ? recogniseName(withRecords, words) : []
  // `Storm` may be a person and is a word for claims; `Meier` is none, however much it is spelled like one.
  const isName = !found.some(({ isSpelled }) => isSpelled) && (found.length === 0 || /^\p{Lu}/u.test(words))
  const pick = (keys: Iterable<string>): UseCaseDescription[] =>
    [...new Set(keys)].flatMap((key) => byKey.get(key) ?? []).slice(0, 6)
  const pinnedCases = pick(pinned)
  const recentCases = pick(
    (recent.data?.searches ?? [])
      .map((search) => `${search.application}/${search.useCase}`)
      .filter((key) => !pinned.includes(key)),
  )

  const count = found.length + recognised.length + named.length
  useEffect(() => {
    if (words && !pending) announce(text.found(count))
  }, [words, pending, count])

  const open = (useCase: UseCaseDescription) =>
    navigate({
      to: '/applications/$application/use-cases/$useCase',
      params: { application: useCase.application, useCase: useCase.name },
    })

  const search = ({ as, useCase, filled }: Recognised) => {
    const inputs = Object.fromEntries(filled.map(({ parameter, value }) => [parameter.name, value]))
    const { application, name } = useCase
    // A name may be divided otherwise than it was meant: it is seen in the form before anybody is searched for.
    if (as === 'name') {
      keepDraft(application, name, { draft: { ...initialInputs(useCase), ...inputs }, isUnsent: true })
      return void open(useCase)
    }
    start.mutate(
      { application, useCase: name, inputs, openSingle: true },
      { onSuccess: (started) => (started ? finderText.set('') : undefined) },
    )
  }

  const submit = () => {
    const [first] = recognised.length > 0 ? recognised : isName ? named : []
    if (first) search(first)
    else if (found[0]) void open(found[0].useCase)
    else if (named[0]) search(named[0])
  }

  const fault = applications.error ?? error ?? start.error
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys are a second way through ordinary links
    <div className="page page--start" onKeyDown={moveThroughLinks}>
      <search>
        <form
          className="finder"
          onSubmit={(event) => {
            event.preventDefault()
            submit()
          }}
        >
          <h1 data-focus="elsewhere">
            <label htmlFor="find">{text.title}</label>
          </h1>
          <input
            ref={field}
            id="find"
            type="search"
            className="finder__field"
            value={typed}
            onChange={(event) => finderText.set(event.target.value)}
            aria-describedby="find-hint"
            aria-keyshortcuts="/"
            autoComplete="off"
            spellCheck={false}
          />
          <p className="hint" id="find-hint">
            {text.hint}
          </p>
        </form>
      </search>
      {fault ? (
        <ProblemNote
          problem={problemOf(fault)}
          onRetry={() => {
            start.reset()
            void applications.refetch()
          }}
        />
      ) : null}
      {words ? (
        <div className="finder__results">
          <RecognisedList
            recognised={isName ? [...recognised, ...named] : recognised}
            pending={start.isPending}
            onChoose={search}
          />
          {found.length > 0 ? (
            <section aria-labelledby="found">
              <h2 id="found">{text.results}</h2>
              <UseCaseList useCases={found.map(({ useCase }) => useCase)} domains={domains} described />
            </section>
          ) : count === 0 && !pending ? (
            <div className="nothing">
              <p className="nothing__title">{text.none}</p>
              <p>{text.noneHint}</p>
              <button type="button" className="button" onClick={() => finderText.set('')}>
                {text.clear}
              </button>
            </div>
          ) : null}
          {isName ? null : <RecognisedList recognised={named} pending={start.isPending} onChoose={search} />}
        </div>
      ) : (
        <>
          {pinnedCases.length + recentCases.length > 0 ? (
            <div className="start-own">
              {pinnedCases.length > 0 ? (
                <section aria-labelledby="pinned">
                  <h2 id="pinned">{text.pinned}</h2>
                  <UseCaseList useCases={pinnedCases} domains={domains} />
                </section>
              ) : null}
              {recentCases.length > 0 ? (
                <section aria-labelledby="recent">
                  <h2 id="recent">{text.recent}</h2>
                  <UseCaseList useCases={recentCases} domains={domains} />
                </section>
              ) : null}
            </div>
          ) : null}
          {applications.data?.length === 0 ? (
            <div className="nothing">
              <p className="nothing__title">{text.empty}</p>
              <p>{text.emptyHint}</p>
            </div>
          ) : null}
          {ordered.map((application) => (
            <ApplicationIndex
              key={application.name}
              application={application}
              useCases={useCases.filter((useCase) => useCase.application === application.name)}
            />
          ))}
          {applications.isPending || (pending && names.length > 0) ? (
            <p className="waiting" role="status">
              {text.loading}
            </p>
          ) : null}
        </>
      )}
    </div>
  )
}
