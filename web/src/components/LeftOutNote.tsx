import type { InForce, PanelState } from '@muniment/api/contract'
import { listed } from '../lib/role-words.ts'
import { text } from './text.ts'

interface LeftOutNoteProps {
  panel: Pick<PanelState, 'lacks'>
  inForce: Pick<InForce, 'contact'>
}

/** In the place of a part that the role may not see; on the screen and on paper. */
export function LeftOutNote({ panel, inForce }: LeftOutNoteProps) {
  return (
    <p className="m-empty left-out">
      {text.panelLeftOut} {text.needs(listed((panel.lacks ?? []).map(({ title }) => title)))} {inForce.contact}
    </p>
  )
}
