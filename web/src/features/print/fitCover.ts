import type { Settings } from '../../lib/settings.ts'

/** Millimetres of an upright page between its margins. */
const roomOf: Record<Settings['paper'], number> = { A4: 297 - 42, letter: 279.4 - 42 }
const pixelsOf = (millimetres: number) => (millimetres / 25.4) * 96
/** A printer's text is a little taller. */
const sure = 0.98

/**
 * Keeps the cover with its contents to one page, closer together where it has to be. A cover that is longer all the same is no page of
 * its own: the document follows where it ends.
 */
export function fitCover(root: HTMLElement, paper: Settings['paper']): void {
  const cover = root.querySelector<HTMLElement>('.cover')
  if (!cover) return
  const isTooLong = () => cover.offsetHeight > pixelsOf(roomOf[paper]) * sure
  delete cover.dataset.fit
  if (!isTooLong()) return
  cover.dataset.fit = 'close'
  if (isTooLong()) cover.dataset.fit = 'follows'
}
