import type { DomainSchedulesView, ModelDescription } from '@muniment/api/contract'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { ScopeFields } from './ScopeFields.tsx'
import { ScopePreviewNote } from './ScopePreviewNote.tsx'
import { text } from './text.ts'
import type { useScope } from './useScope.ts'

interface ScopeQuestionProps {
  id: string
  scope: ReturnType<typeof useScope>
  model: ModelDescription
  schedules: readonly DomainSchedulesView[]
}

/** Which records, and what that comes to. */
export function ScopeQuestion({ id, scope, model, schedules }: ScopeQuestionProps) {
  const { preview } = scope
  return (
    <>
      <ScopeFields
        id={id}
        typed={scope.typed}
        faults={scope.faults}
        model={model}
        schedules={schedules}
        onChange={scope.change}
      />
      <p className="toolbar">
        <button
          type="button"
          id={`${id}-look`}
          className="button"
          aria-disabled={preview.isPending}
          onClick={() => (preview.isPending ? undefined : scope.look())}
        >
          {preview.isPending ? text.preview.pending : text.preview.button}
        </button>
      </p>
      {preview.error ? <ProblemNote problem={problemOf(preview.error)} /> : null}
      {preview.data ? <ScopePreviewNote preview={preview.data} /> : null}
    </>
  )
}
