import { createStore } from './store.ts'

/** The sentence in the frame's live region. A zero-width mark makes the same sentence said twice be read twice. */
export const announcement = createStore('')

export function announce(sentence: string): void {
  announcement.set(announcement.get() === sentence ? `${sentence}\u200b` : sentence)
}
