import type { ScopePreview } from '@muniment/api/contract'
import { Protected } from './Protected.tsx'
import { text } from './text.ts'

const words = text.preview

/** What a scope covers, before anything is placed. */
export function ScopePreviewNote({ preview: { sentence, tables, partial, absent } }: { preview: ScopePreview }) {
  const shown = tables.filter(({ rows, all }) => rows > 0 || all)
  return (
    <section className="scope-preview" aria-label={words.title}>
      <p className="scope-preview__title">{words.title}</p>
      <p className="scope-preview__sentence">{sentence}</p>
      {absent?.length > 0 ? (
        <p className="m-note" role="note">
          {words.absent(absent.map((key) => key.join(' / ')))}
        </p>
      ) : null}
      {shown.length === 0 ? <p className="m-empty">{words.none}</p> : <Protected label={words.table} tables={shown} />}
      {partial ? <p className="hint">{words.partial}</p> : null}
    </section>
  )
}
