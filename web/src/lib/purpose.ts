import type { Purpose } from '@muniment/api/contract'
import { isRecord, readKept, writeKept } from './kept.ts'
import { createStore, useStore } from './store.ts'

export type StatedPurpose = Exclude<Purpose, string>

export function checkPurpose(value: unknown): StatedPurpose | undefined {
  if (!isRecord(value)) return undefined
  if (typeof value.request === 'string' && value.request !== '') return { request: value.request }
  if (typeof value.reason === 'string' && value.reason !== '') {
    return { reason: value.reason, note: typeof value.note === 'string' ? value.note : '' }
  }
  return undefined
}

/** What one works for. Kept for the tab, so that a reload does not ask again and tomorrow does. */
export const purpose = createStore<StatedPurpose | undefined>(readKept('session', 'purpose', checkPurpose), (value) =>
  writeKept('session', 'purpose', value),
)

export const usePurpose = (): StatedPurpose | undefined => useStore(purpose)

interface Asking {
  /** Called with the purpose, or with undefined when the person leaves the question. */
  answer(value: StatedPurpose | undefined): void
  /** Something waits for the answer, so the dialog says why it asks. */
  waiting: boolean
}

/** The open question, which the frame shows as a dialog. */
export const purposeQuestion = createStore<Asking | undefined>(undefined)

export function askForPurpose(waiting: boolean): Promise<StatedPurpose | undefined> {
  return new Promise((resolve) => {
    purposeQuestion.set({
      waiting,
      answer(value) {
        purposeQuestion.set(undefined)
        if (value) purpose.set(value)
        resolve(value)
      },
    })
  })
}

/** The purpose that is set, or the person's answer. */
export async function ensurePurpose(): Promise<StatedPurpose | undefined> {
  return purpose.get() ?? askForPurpose(true)
}

/** A purpose in words: the request, or the reason's label with what was added to it. */
export function readPurpose(value: Purpose, labels: ReadonlyMap<string, string>): string {
  if (typeof value === 'string') return value
  if ('request' in value) return value.request
  const label = labels.get(value.reason) ?? value.reason
  return value.note ? `${label}: ${value.note}` : label
}
