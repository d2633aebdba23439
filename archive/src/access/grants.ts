import type { Person } from '../identity/port.ts'
import { type Grant, RecordRight } from './rules.ts'

/** In a grant's lists: all, also future ones. */
export const ANY = '*'
export const names = (list: readonly string[], name: string) => list.includes(ANY) || list.includes(name)

/** `from` is inside, `until` is not. */
export function inForce({ from, until }: Grant, at: Date): boolean {
  const now = at.getTime()
  return (from === undefined || Date.parse(from) <= now) && (until === undefined || now < Date.parse(until))
}

/** Milliseconds since 1970 up to which what is in force at a moment stays so, exclusive. */
export function unchangedUntil(grants: readonly Grant[], at: Date): number {
  const moments = grants.flatMap(({ from, until }) => [from, until].flatMap((text) => (text ? [Date.parse(text)] : [])))
  return Math.min(Number.POSITIVE_INFINITY, ...moments.filter((moment) => moment > at.getTime()))
}

export const concerns = ({ groups }: Grant, person: Pick<Person, 'groups'>) =>
  groups.some((group) => person.groups.includes(group))

/** An operator's grant never gives records, whatever it names. */
export const givesRecords = ({ role, applications, domains }: Grant) =>
  role !== 'operator' && applications.length > 0 && domains.length > 0

/** The grants by which a person sees records: none for whoever runs the machine, whatever else they were granted. */
export const recordGrants = (grants: readonly Grant[]): Grant[] =>
  grants.some(({ role }) => role === 'operator') ? [] : grants.filter(givesRecords)

const rank = (right: RecordRight) => RecordRight.options.indexOf(right)

/** A greater right includes the lesser ones. */
export const carries = ({ rights }: Grant, right: RecordRight) => rights.some((held) => rank(held) >= rank(right))
