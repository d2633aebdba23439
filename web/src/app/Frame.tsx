import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useApplications } from '../api/applications.ts'
import { useMe } from '../api/me.ts'
import { usePurposeLabels } from '../api/purposes.ts'
import { announcement } from '../lib/announce.ts'
import { finderText } from '../lib/finder.ts'
import { askForPurpose, purposeQuestion, readPurpose, usePurpose } from '../lib/purpose.ts'
import { seesRetention } from '../lib/retention-duties.ts'
import { sessionQuestion, signOut } from '../lib/session/session.ts'
import { useStore } from '../lib/store.ts'
import { FindBox } from './FindBox.tsx'
import { LimitNotes } from './LimitNotes.tsx'
import { text } from './text.ts'
import { useFocusOnNavigation } from './useFocusOnNavigation.ts'
import { useShortcuts } from './useShortcuts.ts'

const PurposeDialog = lazy(() =>
  import('../features/purpose/PurposeDialog.tsx').then((module) => ({ default: module.PurposeDialog })),
)
const SessionEndedDialog = lazy(() =>
  import('../features/sign-in/SessionEndedDialog.tsx').then((module) => ({ default: module.SessionEndedDialog })),
)
const KeysDialog = lazy(() => import('./KeysDialog.tsx').then((module) => ({ default: module.KeysDialog })))

function WorkingFor() {
  const purpose = usePurpose()
  const labels = usePurposeLabels()
  const said = purpose ? readPurpose(purpose, labels) : text.noPurpose
  return (
    <div className="working-for">
      <span className="working-for__label" id="working-for">
        {text.workingFor}
      </span>
      <button
        type="button"
        className="working-for__value"
        data-stated={purpose !== undefined}
        aria-labelledby="working-for working-for-value"
        title={said}
        onClick={() => void askForPurpose(false)}
      >
        <span id="working-for-value">{said}</span>
      </button>
    </div>
  )
}

/** Back finds the words that were typed; the way to a new search begins without them. */
const startAfresh = () => finderText.set('')

export function Frame() {
  const sentence = useStore(announcement)
  const question = useStore(purposeQuestion)
  const ended = useStore(sessionQuestion)
  const [keysOpen, setKeysOpen] = useState(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const { data: me } = useMe()
  const { data: applications } = useApplications()
  // Until it is known, as it is for most.
  const hasRecords = applications === undefined || applications.length > 0
  const may = (duty: string) => me?.duties.includes(duty) ?? false
  useFocusOnNavigation()
  useShortcuts({ showKeys: () => setKeysOpen(true) })

  return (
    <>
      <a className="skip-link" href="#content">
        {text.skip}
      </a>
      <header className="frame" data-print="never">
        <div className="frame__row">
          <Link to="/" className="frame__product" onClick={startAfresh}>
            {text.product}
          </Link>
          <nav className="frame__nav" aria-label={text.navigation}>
            <Link to="/" activeOptions={{ exact: true }} onClick={startAfresh}>
              {hasRecords ? text.search : text.start}
            </Link>
            {hasRecords ? (
              <Link to="/searches" activeOptions={{ exact: true }}>
                {text.searches}
              </Link>
            ) : null}
            {hasRecords ? (
              <Link to="/model" {...(path.endsWith('/model') ? { 'aria-current': 'page' as const } : {})}>
                {text.model}
              </Link>
            ) : null}
            {seesRetention(me) ? (
              <Link to="/retention" activeOptions={{ includeSearch: false }}>
                {text.retention}
              </Link>
            ) : null}
            {may('read-log') ? <Link to="/audit">{text.audit}</Link> : null}
            {may('read-log') || may('propose-rules') || may('approve-rules') ? (
              <Link to="/access">{text.access}</Link>
            ) : null}
          </nav>
          {path === '/' || !hasRecords ? null : <FindBox />}
          {hasRecords ? <WorkingFor /> : <span className="working-for" />}
          <div className="frame__person">
            {path === '/' || !hasRecords ? null : (
              <Link to="/" className="frame__find" onClick={startAfresh}>
                {text.findNarrow}
              </Link>
            )}
            <button type="button" className="quiet" onClick={() => setKeysOpen(true)}>
              {text.shortcuts}
            </button>
            <Link to="/settings" title={me ? `${text.you} ${me.name} (${text.groups(me.groups)})` : undefined}>
              <span className="frame__name">{me?.name ?? text.settings}</span>
              {me && me.groups.length > 0 ? <span className="frame__role">{text.groups(me.groups)}</span> : null}
            </Link>
            <button type="button" className="quiet frame__sign-out" onClick={signOut}>
              {text.signOut}
            </button>
          </div>
        </div>
        <LimitNotes />
      </header>
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
      {/* Where the header has no room for it. */}
      <footer className="frame-foot" data-print="never">
        <button type="button" className="quiet" onClick={() => setKeysOpen(true)}>
          {text.shortcuts}
        </button>
      </footer>
      <div className="visually-hidden" role="status" aria-live="polite" data-print="never">
        {sentence}
      </div>
      <Suspense>
        {question ? <PurposeDialog waiting={question.waiting} onAnswer={question.answer} /> : null}
        {ended ? <SessionEndedDialog onOpen={ended.open} onLeave={ended.leave} /> : null}
        {keysOpen ? <KeysDialog onClose={() => setKeysOpen(false)} /> : null}
      </Suspense>
    </>
  )
}
