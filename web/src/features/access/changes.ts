import type { AccessRulesText } from '@muniment/api/contract'
import { formatBytes, formatCount } from '../../lib/format.ts'
import { listed, readRole } from '../../lib/role-words.ts'
import { type Grant, readGrant, readUnusualUse } from './grant-words.ts'
import { text } from './text.ts'

const { diff } = text
const lists = ['groups', 'applications', 'domains', 'useCases', 'sensitivities', 'sees', 'rights'] as const
const values = ['role', 'from', 'until', 'reason'] as const
const limits = ['searchesPerMinute', 'rowsExportedPerDay', 'bytesScannedPerMonth', 'bytesPerSearch'] as const

const without = (some: readonly string[], others: readonly string[]): string[] =>
  some.filter((one) => !others.includes(one))

const readName = (name: string): string => (name === '*' ? text.everything : name)

function changesOf(before: Grant, after: Grant): string[] {
  const ofLists = lists.flatMap((name) => {
    const [more, less] = [without(after[name], before[name]), without(before[name], after[name])]
    const what = diff.fields[name]
    return [
      ...(more.length > 0 ? [diff.gets(after.id, what, listed(more.map(readName)))] : []),
      ...(less.length > 0 ? [diff.loses(after.id, what, listed(less.map(readName)))] : []),
    ]
  })
  const ofValues = values.flatMap((name) => {
    if (before[name] === after[name]) return []
    const [from, to] = [before[name], after[name]].map((value) => value ?? diff.nothing)
    return [diff.changed(after.id, diff.fields[name], from ?? diff.nothing, to ?? diff.nothing)]
  })
  return [...ofLists, ...ofValues]
}

function changedLimits(before: AccessRulesText['limits'], after: AccessRulesText['limits']): string[] {
  const roles = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return roles.flatMap((role) =>
    limits.flatMap((name) => {
      const [from, to] = [before[role]?.[name], after[role]?.[name]]
      if (from === to) return []
      const read = (value: number | undefined) =>
        value === undefined ? diff.noLimit : name.startsWith('bytes') ? formatBytes(value) : formatCount(value)
      return [diff.limit(readRole(role), diff.fields[name], read(from), read(to))]
    }),
  )
}

/** What other rules would change, a sentence each; empty where nothing. */
export function changesBetween(before: AccessRulesText, after: AccessRulesText): string[] {
  const [old, next] = [before, after].map(({ grants }) => new Map(grants.map((grant) => [grant.id, grant])))
  const added = after.grants.filter(({ id }) => !old?.has(id))
  const removed = before.grants.filter(({ id }) => !next?.has(id))
  return [
    ...added.map((grant) => diff.added(grant.id, readGrant(grant))),
    ...removed.map((grant) => diff.removed(grant.id, readGrant(grant))),
    ...after.grants.flatMap((grant) => {
      const earlier = old?.get(grant.id)
      return earlier ? changesOf(earlier, grant) : []
    }),
    ...changedLimits(before.limits, after.limits),
    ...(before.bulkRows === after.bulkRows
      ? []
      : [diff.bulk(formatCount(before.bulkRows), formatCount(after.bulkRows))]),
    ...(readUnusualUse(before.unusualUse) === readUnusualUse(after.unusualUse)
      ? []
      : [diff.unusual(readUnusualUse(after.unusualUse))]),
    ...(before.contact === after.contact ? [] : [diff.contact(after.contact)]),
    ...(before.title === after.title ? [] : [diff.title(after.title)]),
  ]
}
