import { invalid } from '../errors.ts'

export interface Paging {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

/** A page of a list that is held here; the token names where the next begins. */
export function pageOf<T>(all: readonly T[], { MaxResults: wanted, NextToken: token }: Paging, most: number) {
  const from = token === undefined ? 0 : Number(token)
  if (!Number.isInteger(from) || from < 0) throw invalid('Invalid NextToken')
  const size = Math.min(wanted ?? most, most)
  const items = all.slice(from, from + size)
  return { items, next: from + size < all.length ? { NextToken: String(from + size) } : {} }
}
