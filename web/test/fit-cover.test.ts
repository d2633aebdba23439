import { describe, expect, it } from 'vitest'
import { fitCover } from '../src/features/print/fitCover.ts'

/** A page's room between its margins in CSS pixels, as a browser lays it out. */
const room = { A4: ((297 - 42) / 25.4) * 96, letter: ((279.4 - 42) / 25.4) * 96 }

/** A cover that is `height` pixels high as it is, and `close` with its parts closer together. */
function printed(height: number, close: number) {
  const dataset: { fit?: string } = {}
  const cover = {
    dataset,
    get offsetHeight() {
      return dataset.fit === undefined ? height : close
    },
  }
  const root = { querySelector: (selector: string) => (selector === '.cover' ? cover : null) }
  return { dataset, root: root as unknown as HTMLElement }
}

describe('the cover of a print', () => {
  it.each([
    ['is left as it is where it fits', 500, 400, undefined],
    ['comes closer together where that makes it fit', 1_200, 800, 'close'],
    ['is followed on its page by the document where nothing makes it fit', 1_500, 1_100, 'follows'],
    // A printer's text is a little taller.
    ['comes closer together where it fits by a hair', room.A4 * 0.99, 800, 'close'],
  ] as const)('%s', (_, height, close, fit) => {
    const { dataset, root } = printed(height, close)
    fitCover(root, 'A4')
    expect(dataset.fit).toBe(fit)
  })

  it('has less room on Letter than on A4', () => {
    const between = (room.letter + room.A4) / 2
    for (const [paper, fit] of [
      ['A4', undefined],
      ['letter', 'close'],
    ] as const) {
      const { dataset, root } = printed(between, 800)
      fitCover(root, paper)
      expect(dataset.fit, paper).toBe(fit)
    }
  })

  it('is measured anew as it was, whatever it was made before', () => {
    const { dataset, root } = printed(1_500, 1_100)
    fitCover(root, 'letter')
    expect(dataset.fit).toBe('follows')
    const shorter = printed(500, 400)
    shorter.dataset.fit = 'follows'
    fitCover(shorter.root, 'letter')
    expect(shorter.dataset.fit).toBeUndefined()
  })

  it('need not be there', () => {
    expect(() => fitCover({ querySelector: () => null } as unknown as HTMLElement, 'A4')).not.toThrow()
  })
})
