import type { UseCaseDescription } from '@muniment/api/contract'
import { togglePin, usePins } from '../lib/pins.ts'
import { text } from './text.ts'

/** Keeps a use case at the top of the start page. `says`: its word stands beside it. */
export function PinButton({
  useCase: { application, name, title },
  says = false,
}: {
  useCase: Pick<UseCaseDescription, 'application' | 'name' | 'title'>
  says?: boolean
}) {
  const isPinned = usePins().includes(`${application}/${name}`)
  return (
    <button
      type="button"
      className={says ? 'quiet pin' : 'pin'}
      aria-pressed={isPinned}
      aria-label={text.pin(title)}
      title={isPinned ? text.unpinWord : text.pinWord}
      onClick={() => togglePin(application, name)}
    >
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path d="M4.500 2h7v12L8 11.200 4.500 14z" />
      </svg>
      {says ? <span>{isPinned ? text.pinned : text.pinWord}</span> : null}
    </button>
  )
}
