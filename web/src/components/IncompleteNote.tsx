import { text } from './text.ts'

/** Says that rows may be lacking because records of the archive are lost; on the screen and on paper. */
export function IncompleteNote({ notice }: { notice: string | undefined }) {
  if (!notice) return null
  return (
    <p className="m-note" role="note">
      <strong>{text.incomplete}</strong> {notice}
    </p>
  )
}
