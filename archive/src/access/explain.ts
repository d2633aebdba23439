import type { Application } from '../model/types.ts'
import { ANY, concerns, inForce, names, recordGrants } from './grants.ts'
import type { RecordView } from './port.ts'
import { rightsBy } from './rights.ts'
import type { Grant, RulesVersion } from './rules.ts'
import { listed, masksOf, whyNotNow } from './sentences.ts'

/** What somebody wants to see. `tables`: all that the panel's query names in any of its branches. */
export type Asked =
  | { kind: 'use-case'; name: string; panels: { title: string; tables: string[] }[] }
  | { kind: 'record'; table: string }

export interface Explanation {
  /** `in part`: panels are left out, columns masked, or rows hidden by a row rule that is in force. */
  answer: 'yes' | 'in part' | 'no'
  /** Why, one after the other, for a person. */
  sentences: string[]
}

/** Whom it is about: groups as the token carries them. */
export interface Asker {
  id?: string
  groups: readonly string[]
}

const titleOf = (model: Application, domain: string) =>
  `${model.domains.find(({ name }) => name === domain)?.title ?? domain} (${domain})`

function tellGrants(person: { groups: string[] }, version: RulesVersion, at: Date): string[] {
  const told = version.rules.grants.filter((grant) => concerns(grant, person))
  const now = told.filter((grant) => inForce(grant, at))
  const strangers = person.groups.filter((group) => !version.rules.grants.some(({ groups }) => groups.includes(group)))
  return [
    ...(strangers.length > 0
      ? [
          `Version ${version.number} of the rules does not know the ${strangers.length === 1 ? 'group' : 'groups'} ${listed(strangers)}.`,
        ]
      : []),
    ...(now.length > 0
      ? [
          `What counts ${now.length === 1 ? 'is the grant' : 'are the grants'} ${listed(now.map(({ id, role }) => `${id} (${role})`))}, by version ${version.number} of the rules.`,
        ]
      : [
          `No grant of version ${version.number} of the rules counts for ${person.groups.length > 0 ? listed(person.groups) : 'somebody without groups'}.`,
        ]),
    ...told.flatMap((grant) => {
      const why = whyNotNow(grant, at)
      return why ? [`The grant ${grant.id} does not count: it ${why}.`] : []
    }),
  ]
}

/** What would open a domain, among the grants that exist: who has it, and whether it is a matter of time. */
function tellLacking(model: Application, domain: string, version: RulesVersion): string {
  const having = version.rules.grants.filter(
    (grant) =>
      recordGrants([grant]).length > 0 && names(grant.applications, model.name) && names(grant.domains, domain),
  )
  const groups = [...new Set(having.flatMap((grant) => grant.groups))]
  const who = groups.length > 0 ? ` ${listed(groups)} ${groups.length === 1 ? 'has' : 'have'} it.` : ' Nobody has it.'
  return `The domain ${titleOf(model, domain)} is not granted.${who}`
}

function tellRules(model: Application, view: RecordView): string[] {
  return view.restrictions.rowRules.map((rule) => {
    const { title = rule, description = '' } = model.rowRules[rule] ?? {}
    return `The row rule "${rule}" is in force, so what it names is not shown. ${title}: ${description}`
  })
}

const tellRights = (grants: readonly Grant[], view: RecordView, tables: readonly string[]) => {
  if (view.may('export-bulk', tables)) return 'It may be exported, in bulk too.'
  if (view.may('export', tables)) return 'It may be exported, but not in bulk.'
  return grants.length > 0 ? 'It may not be exported.' : ''
}

function explainView(
  model: Application,
  version: RulesVersion,
  grants: readonly Grant[],
  view: RecordView,
  asked: Asked,
): Explanation {
  const panels = asked.kind === 'use-case' ? asked.panels : [{ title: asked.table, tables: [asked.table] }]
  const shown = panels.filter(({ tables }) => view.lacking(tables).length === 0)
  const left = panels.filter(({ tables }) => view.lacking(tables).length > 0)
  const tables = [...new Set(shown.flatMap((panel) => panel.tables))].sort()
  const lacking = [...new Set(left.flatMap((panel) => view.lacking(panel.tables)))]
  const masks = masksOf(view, tables)
  const rowRules = shown.length > 0 ? tellRules(model, view) : []
  const sentences = [
    ...(asked.kind === 'use-case' && left.length > 0 && shown.length > 0
      ? [`Left out: ${listed(left.map(({ title }) => title))}.`]
      : []),
    ...lacking.map((domain) => tellLacking(model, domain, version)),
    ...masks,
    ...rowRules,
    ...(shown.length > 0 ? [tellRights(grants, view, tables)] : []),
  ]
  if (shown.length === 0) return { answer: 'no', sentences }
  return { answer: left.length + masks.length + rowRules.length > 0 ? 'in part' : 'yes', sentences }
}

/** Why yes or no: which grants, what is lacking, which masks and row rules, what ended or begins when. */
export function explain(version: RulesVersion, model: Application, asker: Asker, asked: Asked, at: Date): Explanation {
  const person = { groups: [...asker.groups] }
  const sentences = tellGrants(person, version, at)
  const rights = rightsBy(version.rules, version.number, person, at)
  const counting = version.rules.grants.filter((grant) => concerns(grant, person) && inForce(grant, at))
  const no = (...more: string[]): Explanation => ({ answer: 'no', sentences: [...sentences, ...more] })
  if (rights.roles.includes('operator')) return no('An operator sees no records, whatever else was granted.')
  const grants = recordGrants(counting).filter(({ applications }) => names(applications, model.name))
  if (!rights.mayEnter(model.name))
    return no(`Nothing of ${model.title} (${model.name}) is granted. ${version.rules.contact}`)
  if (asked.kind === 'record' && !model.tables.some(({ name }) => name === asked.table))
    return no(`The model has no table "${asked.table}".`)
  const through = asked.kind === 'use-case' ? { useCase: asked.name } : {}
  const view = rights.view(model, through)
  if (
    !view &&
    asked.kind === 'use-case' &&
    grants.length > 0 &&
    !grants.some(({ useCases }) => names(useCases, asked.name))
  )
    return no(
      `The grants are for other use cases only: ${listed([...new Set(grants.flatMap(({ useCases }) => useCases))].filter((name) => name !== ANY))}.`,
    )
  if (!view) return no(`No domain of ${model.title} (${model.name}) is granted.`)
  const explained = explainView(model, version, grants, view, asked)
  const contact = explained.answer === 'no' ? [version.rules.contact] : []
  return { answer: explained.answer, sentences: [...sentences, ...explained.sentences, ...contact] }
}
