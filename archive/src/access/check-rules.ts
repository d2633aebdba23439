import { closest } from '../did-you-mean.ts'
import { OperatorError } from '../errors.ts'
import { lineOf, lineOfSyntaxError } from '../json-lines.ts'
import type { Application } from '../model/types.ts'
import { APART, dutiesOf } from './duties.ts'
import { ANY, givesRecords, names } from './grants.ts'
import { AccessRules, type Grant } from './rules.ts'

/** One thing wrong with access rules. */
export interface RulesFinding {
  /** In the document. */
  path: PropertyKey[]
  message: string
  hint?: string
}

/** An application that grants may name: the names in them are held against it. */
export interface RulesSubject {
  model: Application
  /** Names of its use cases; absent: grants' use cases are not looked at. */
  useCases?: readonly string[]
}

type Report = (path: PropertyKey[], message: string, hint?: string) => void

function checkGrant(grant: Grant, report: Report) {
  const { id, role, applications, domains, sensitivities, sees, rights, useCases, from, until } = grant
  if (from !== undefined && until !== undefined && Date.parse(until) <= Date.parse(from))
    report(['until'], `${id} ends before it begins`)
  if (role === 'operator') {
    const named = Object.entries({ applications, domains, sensitivities, sees }).find(([, list]) => list.length > 0)
    if (named || rights.some((right) => right !== 'see') || useCases.some((name) => name !== ANY))
      report([named?.[0] ?? 'rights'], `${id} gives records to an operator, who sees none at all`)
    return
  }
  if ((role === 'searcher' || role === 'case-officer') && !givesRecords(grant))
    report([], `${id} gives a ${role} no records`, 'name applications and domains')
  else if (applications.length > 0 !== domains.length > 0)
    report(
      [applications.length > 0 ? 'domains' : 'applications'],
      `${id} names ${applications.length > 0 ? 'applications without domains' : 'domains without applications'}, which gives nothing`,
    )
  else if (!givesRecords(grant) && (sensitivities.length > 0 || sees.length > 0))
    report([sees.length > 0 ? 'sees' : 'sensitivities'], `${id} says how records are shown, but gives none`)
}

function checkGroups({ grants }: AccessRules, report: Report) {
  const byGroup = new Map<string, number[]>()
  for (const [index, { groups }] of grants.entries())
    for (const group of new Set(groups)) byGroup.set(group, [...(byGroup.get(group) ?? []), index])
  for (const [group, indexes] of byGroup) {
    const held = indexes.flatMap((index) => grants[index] ?? [])
    const [last = 0] = indexes.slice(-1)
    const roles = new Set(held.map(({ role }) => role))
    if (roles.has('operator') && roles.size > 1)
      report(
        ['grants', last, 'groups'],
        `${group} has another role beside the operator's, who runs the machine and does nothing else`,
      )
    const duties = new Set([...roles].flatMap(dutiesOf))
    for (const [one, other, why] of APART)
      if (duties.has(one) && duties.has(other))
        report(['grants', last, 'groups'], `${group} may both ${one} and ${other}: ${why}`, 'make two groups of it')
  }
}

/** Rules that nobody may change stay for ever. */
function checkChangeable({ grants }: AccessRules, report: Report) {
  for (const duty of ['propose-rules', 'approve-rules'] as const)
    if (!grants.some(({ role, until }) => until === undefined && dutiesOf(role).includes(duty)))
      report(['grants'], `nobody may ${duty} for good, so these rules could never be changed`)
}

function checkNames(grant: Grant, subjects: readonly RulesSubject[], report: Report) {
  const known = (list: 'applications' | 'domains' | 'useCases' | 'sees', what: string, all: readonly string[]) => {
    for (const [index, name] of grant[list].entries()) {
      if (name === ANY || all.includes(name)) continue
      const meant = closest(name, all)
      report([list, index], `there is no ${what} "${name}"`, meant && `did you mean "${meant}"?`)
    }
  }
  const own = subjects.filter(({ model }) => names(grant.applications, model.name))
  known(
    'applications',
    'application',
    subjects.map(({ model }) => model.name),
  )
  if (own.length === 0) return
  known(
    'domains',
    'domain',
    own.flatMap(({ model }) => model.domains.map(({ name }) => name)),
  )
  known(
    'sees',
    'row rule',
    own.flatMap(({ model }) => Object.keys(model.rowRules)),
  )
  if (own.every(({ useCases }) => useCases))
    known(
      'useCases',
      'use case',
      own.flatMap(({ useCases }) => useCases ?? []),
    )
}

/** What is wrong with rules whose shape is right; with `subjects` also names that nothing has. */
export function checkRules(rules: AccessRules, subjects?: readonly RulesSubject[]): RulesFinding[] {
  const findings: RulesFinding[] = []
  const report: Report = (path, message, hint) => findings.push({ path, message, ...(hint !== undefined && { hint }) })
  const ids = new Set<string>()
  for (const [index, grant] of rules.grants.entries()) {
    const here: Report = (path, ...rest) => report(['grants', index, ...path], ...rest)
    if (ids.has(grant.id)) here(['id'], `a grant "${grant.id}" is there already`)
    ids.add(grant.id)
    checkGrant(grant, here)
    if (subjects) checkNames(grant, subjects, here)
  }
  checkGroups(rules, report)
  checkChangeable(rules, report)
  return findings
}

/** Throws OperatorError with all findings in `detail.findings`, where there are any. `what`: "These access rules". */
export function refuse(what: string, findings: readonly (RulesFinding | { message: string })[]): void {
  if (findings.length === 0) return
  const count = findings.length === 1 ? 'a fault' : `${findings.length} faults`
  throw new OperatorError(`${what} have ${count}.`, { detail: { findings } })
}

/** Rules from a file's text. Throws OperatorError with `detail.findings` (file, line, message, hint). */
export function parseRules(file: string, text: string, subjects?: readonly RulesSubject[]): AccessRules {
  const found = (message: string, line?: number, hint?: string) => ({
    file,
    message,
    ...(line !== undefined && { line }),
    ...(hint !== undefined && { hint }),
  })
  const fail = (findings: { message: string }[]): never => {
    refuse(`The access rules in ${file}`, findings)
    throw new OperatorError(`The access rules in ${file} cannot be read.`)
  }
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    return fail([found('this is not JSON', lineOfSyntaxError(text, error))])
  }
  const parsed = AccessRules.safeParse(value)
  if (!parsed.success)
    return fail(
      parsed.error.issues.map(({ path, message }) =>
        found(`${path.map(String).join(' ')}: ${message}`, lineOf(text, path)),
      ),
    )
  const findings = checkRules(parsed.data, subjects)
  if (findings.length > 0) fail(findings.map(({ path, message, hint }) => found(message, lineOf(text, path), hint)))
  return parsed.data
}
