/**
 * What stands in a row for a value that the role may not see. No text, so that no record can look like it; truthy, so that a view shows
 * where it would have shown a value; equal to itself alone, so that a comparison of two masked values finds no change.
 */
export class Mask {
  /** In comparisons and texts put together it counts as nothing. */
  toString(): string {
    return ''
  }
}

export const MASK: Mask = new Mask()

/** The same whether or not there is a value: an empty one is not told apart. */
export const MASKED = '<span class="m-masked">masked</span>'
