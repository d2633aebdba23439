import { type Explanation, explain } from '@muniment/archive/access/explain'
import { rightsBy } from '@muniment/archive/access/rights'
import { readChain, type StoredVersion, versionAt } from '@muniment/archive/access/versions'
import { InputError, NotFoundError } from '@muniment/archive/errors'
import { loadSubjects, type Sought, seek } from '../access-subjects.ts'
import { type Embedded, withEmbedded } from '../embedded.ts'
import { groupsOfPerson } from '../groups-of-person.ts'
import { readMoment } from '../moment.ts'
import { printable } from '../printable.ts'
import { checkRecord } from '../record-check.ts'

interface Options {
  groups?: string
  application?: string
  at?: string
  json?: boolean
}

/** The groups of a person's id, where the setting knows its people; undefined where it does not know this one. */
export type GroupsOf = (person: string) => Promise<string[] | undefined>

const split = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

async function groupsOfWho(
  who: string,
  options: Options,
  version: StoredVersion,
  groupsOf: GroupsOf,
): Promise<string[]> {
  if (options.groups !== undefined) return split(options.groups)
  const known = await groupsOf(who)
  if (known) return known
  const named = split(who)
  const groups = new Set(version.rules.grants.flatMap((grant) => grant.groups))
  if (named.length > 0 && named.every((group) => groups.has(group))) return named
  throw new InputError(
    `"${who}" is no person that is known here and no group of the access rules (${[...groups].sort().join(', ')}). ` +
      'Say the groups of the person with --groups a,b.',
  )
}

/** What the record itself adds: whether it is there, and whether a row rule hides it from them. */
async function tellRecord(
  { engine, catalog }: Embedded,
  { templates: { application: model }, asked, key }: Sought,
  rowRules: readonly string[],
): Promise<Explanation | undefined> {
  if (asked.kind !== 'record' || key === undefined) return undefined
  if (!(await catalog.read(model.name))) return { answer: 'no', sentences: ['Nothing of it has been loaded yet.'] }
  const { exists, hiddenBy } = await checkRecord(engine, model, asked.table, key, rowRules)
  if (!exists) return { answer: 'no', sentences: ['There is no such record.'] }
  const [rule] = hiddenBy
  if (rule === undefined) return { answer: 'yes', sentences: ['No row rule hides this record.'] }
  return { answer: 'no', sentences: [`The row rule "${hiddenBy.join('", "')}" hides this record.`] }
}

/** Why somebody may see a use case or a record, or not; as of now or of a moment, by the rules in force then. */
export async function accessExplain(who: string, what: string, options: Options, groupsOf: GroupsOf = groupsOfPerson) {
  const at = readMoment(options.at, '--at')
  await withEmbedded(async (embedded) => {
    const version = versionAt(await readChain(embedded.home.store), at)
    if (!version)
      throw new NotFoundError(`There were no access rules at ${at.toISOString()}, so nobody could see anything.`)
    const groups = await groupsOfWho(who, options, version, groupsOf)
    const sought = seek(await loadSubjects(embedded.settings.templatesRoot, options.application), what)
    const model = sought.templates.application
    const told = explain(version, model, { id: who, groups }, sought.asked, at)
    const rowRules = rightsBy(version.rules, version.number, { groups }, at).view(model)?.restrictions.rowRules ?? []
    const record = told.answer === 'no' ? undefined : await tellRecord(embedded, sought, rowRules)
    const answer = record?.answer === 'no' ? 'no' : told.answer
    const sentences = [...told.sentences, ...(record?.sentences ?? [])]
    if (options.json) return console.log(JSON.stringify({ who, groups, what, at: at.toISOString(), answer, sentences }))
    const asked = `${who}${groups.length > 0 ? ` (${groups.join(', ')})` : ''}, ${what}, ${at.toISOString()}`
    console.log(printable(`${asked}: ${answer}`))
    for (const sentence of sentences) console.log(`  ${printable(sentence)}`)
  })
}
