import { readKept, textsOf, writeKept } from './kept.ts'
import { createStore, useStore } from './store.ts'

/** Pinned use cases as `application/use-case`, in the order they were pinned. */
export const pins = createStore<string[]>(readKept('local', 'pins', textsOf), (value) =>
  writeKept('local', 'pins', value),
)

export const usePins = (): string[] => useStore(pins)

export function togglePin(application: string, useCase: string): void {
  const key = `${application}/${useCase}`
  const current = pins.get()
  pins.set(current.includes(key) ? current.filter((pin) => pin !== key) : [...current, key])
}
