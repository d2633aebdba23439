import type { AccessRulesText } from '@muniment/api/contract'
import { formatBytes, formatCount, formatMoment } from '../../lib/format.ts'
import { listed, readRole } from '../../lib/role-words.ts'
import { text } from './text.ts'

export type Grant = AccessRulesText['grants'][number]
type Limits = AccessRulesText['limits'][string]

const all = (names: readonly string[]): boolean => names.includes('*')

/** What a grant lets be seen, in a line. */
export function readScope({ applications, domains, useCases, sees }: Grant): string {
  if (applications.length === 0 || domains.length === 0) return text.noRecords
  const scope =
    all(applications) && all(domains)
      ? text.everything
      : all(domains)
        ? text.allDomains(listed(applications))
        : `${all(applications) ? text.everything : listed(applications)}: ${listed(domains)}`
  return [
    scope,
    ...(all(useCases) ? [] : [text.only(listed(useCases))]),
    ...(sees.length > 0 ? [text.spite(listed(sees))] : []),
  ].join('; ')
}

export const readRights = ({ rights, applications }: Grant): string =>
  applications.length === 0 ? '' : rights.map((right) => text.rights[right] ?? right).join(', ')

export const readSensitivities = ({ sensitivities, applications }: Grant): string =>
  applications.length === 0 ? '' : sensitivities.length === 0 ? text.nothingSensitive : sensitivities.join(', ')

export function readPeriod({ from, until }: Grant, style: 'long' | 'iso'): string {
  return [
    ...(from ? [text.from(formatMoment(from, style))] : []),
    ...(until ? [text.until(formatMoment(until, style))] : []),
  ].join(', ')
}

export function readLimits(limits: Limits | undefined): string {
  if (!limits) return ''
  return (Object.keys(text.limits) as (keyof typeof text.limits)[])
    .flatMap((name) => {
      const most = limits[name]
      if (most === undefined) return []
      return text.limits[name](name.startsWith('bytes') ? formatBytes(most) : formatCount(most))
    })
    .join(', ')
}

/** A grant in a sentence. */
export function readGrant(grant: Grant): string {
  const shown = readSensitivities(grant)
  const rights = readRights(grant)
  return `${listed(grant.groups)} as ${readRole(grant.role)}, ${[readScope(grant), rights, shown].filter(Boolean).join('; ')}.`
}

/** What auditors are told of, in a line. */
export function readUnusualUse(unusualUse: AccessRulesText['unusualUse']): string {
  const words = text.unusual
  if (!unusualUse) return words.usual
  const { manyPersons, nightExports, ownRecords, timeZone } = unusualUse
  const told = [
    ...(manyPersons ? [words.many(formatCount(manyPersons.persons), formatCount(manyPersons.minutes))] : []),
    ...(nightExports ? [words.night(nightExports.from, nightExports.until)] : []),
    ...(ownRecords ? [words.own] : []),
  ]
  return told.length === 0 ? words.nothing : `${told.join('; ')} (${timeZone})`
}
