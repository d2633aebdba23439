import type { HoldScope, ModelDescription } from '@muniment/api/contract'
import { useState } from 'react'
import { useScopePreview } from '../../api/holds.ts'
import { announce } from '../../lib/announce.ts'
import { emptyScope, readScope, type ScopeFault, type TypedScope } from './scope.ts'
import { text } from './text.ts'

/** A scope while it is typed, and what it would protect. What was looked up is of what stands there, or it is gone. */
export function useScope(application: string, model: ModelDescription | undefined, idPrefix: string) {
  const [typed, setTyped] = useState<TypedScope>(emptyScope)
  const [faults, setFaults] = useState<ScopeFault[]>([])
  const preview = useScopePreview()

  const read = (): HoldScope | undefined => {
    const found = readScope(typed, model?.tables ?? [])
    setFaults('faults' in found ? found.faults : [])
    return 'scope' in found ? found.scope : undefined
  }
  return {
    typed,
    faults,
    preview,
    read,
    change(next: TypedScope) {
      setTyped(next)
      setFaults([])
      preview.reset()
    },
    look() {
      const found = readScope(typed, model?.tables ?? [])
      if ('faults' in found) {
        setFaults(found.faults)
        document.getElementById(`${idPrefix}-${found.faults[0]?.field}`)?.focus()
      } else {
        setFaults([])
        preview.mutate({ application, scope: found.scope }, { onSuccess: () => announce(text.preview.done) })
      }
    },
  }
}
