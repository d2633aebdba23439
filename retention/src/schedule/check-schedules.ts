import { closest } from '@muniment/archive/did-you-mean'
import type { Application, ColumnType, Table } from '@muniment/archive/model/types'
import { checkCondition, isMoment } from './check-conditions.ts'
import { belongings, linkName, linksTo, sameColumns, stepsBetween, tableOf } from './links.ts'
import { reckoned } from './periods.ts'
import type { DomainSchedules, RecordClass, Rows, Schedule } from './types.ts'

export interface ScheduleFinding {
  class?: string
  schedule?: string
  /** A sentence, with what was probably meant. */
  message: string
}

/** Schedules in force at once: more would not fit into the number that tells which decides. */
const MOST_SCHEDULES = 100
const LONGEST_MONTHS = 12 * 200
const LONGEST_DAYS = 366 * 200

/** What is wrong with schedules, by the model alone; `others` are those of the application's other domains. Empty where they will do. */
export function checkSchedules(
  schedules: DomainSchedules,
  model: Application,
  { others = [] }: { others?: readonly DomainSchedules[] } = {},
): ScheduleFinding[] {
  const findings: ScheduleFinding[] = []
  const say = (message: string, where: Omit<ScheduleFinding, 'message'> = {}) => findings.push({ ...where, message })
  if (schedules.application !== model.name)
    say(`They are of "${schedules.application}", and the model is of "${model.name}".`)
  const domains = model.domains.map(({ name }) => name)
  if (!domains.includes(schedules.domain))
    say(`There is no domain "${schedules.domain}".${meant(schedules.domain, domains)}`)
  if (schedules.plausible.from >= schedules.plausible.to)
    say('No date lies between the first and the last plausible one.')
  twice(schedules.classes.map(({ name }) => name)).forEach((name) => {
    say(`Two classes are called "${name}".`, { class: name })
  })
  const ids = schedules.classes.flatMap((one) => one.schedules.map(({ id }) => id))
  twice(ids).forEach((id) => {
    say(`Two schedules are called "${id}".`, { schedule: id })
  })
  for (const one of schedules.classes)
    checkClass(one, schedules, model, (message, schedule) =>
      say(message, { class: one.name, ...(schedule === undefined ? {} : { schedule }) }),
    )
  checkOwners(schedules, model, others, say)
  return findings
}

type Say = (message: string, schedule?: string) => void

const twice = (names: readonly string[]) => [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
const meant = (name: string, known: readonly string[]) => {
  const found = closest(name, [...known])
  return found ? ` Did you mean "${found}"?` : ''
}

function needTable(model: Application, name: string, say: Say, schedule?: string): Table | undefined {
  const table = tableOf(model, name)
  if (!table)
    say(
      `There is no table "${name}".${meant(
        name,
        model.tables.map((one) => one.name),
      )}`,
      schedule,
    )
  return table
}

function checkClass(one: RecordClass, schedules: DomainSchedules, model: Application, say: Say) {
  const root = needTable(model, one.table, say)
  if (!root) return
  if (root.domain !== schedules.domain)
    say(`The table "${root.name}" is of the domain "${root.domain}", whose schedules say what becomes of it.`)
  checkKey(root, say)
  checkRows(model, root, { via: [], where: one.where }, say)
  const parents = [root.name]
  for (const { table, by } of one.with) {
    const found = needTable(model, table, say)
    if (!found) continue
    checkKey(found, say)
    if (parents.includes(table)) say(`The table "${table}" goes with the record twice.`)
    const ways = belongings(model, table, parents, by)
    if (ways.length === 0)
      say(`Rows of "${table}" have no declared key${by ? ` ${by.join(', ')}` : ''} to ${parents.join(', ')}.`)
    if (ways.length > 1)
      say(
        `Rows of "${table}" may belong to it by ${ways.map(({ link }) => linkName(link)).join(' or ')}: say which, with "by".`,
      )
    parents.push(table)
  }
  const naming = parents.flatMap((table) => linksTo(model, table))
  for (const dangling of one.mayDangle)
    if (!naming.some(({ child, columns }) => columns.some((name) => `${child}.${name}` === dangling)))
      say(
        `"${dangling}" names no row of the record.${meant(
          dangling,
          naming.flatMap(({ child, columns }) => columns.map((name) => `${child}.${name}`)),
        )}`,
      )
  for (const condition of one.keepWhile) checkRows(model, root, condition, say)
  if (one.schedules.length > MOST_SCHEDULES) say(`There are more than ${MOST_SCHEDULES} schedules.`)
  for (const schedule of one.schedules) checkSchedule(schedule, root, model, (message) => say(message, schedule.id))
  if (!one.schedules.some(({ kind }) => kind === 'keep-at-least'))
    say('No schedule says how long it must be kept at least. Write one, with P0D where there is no such time.')
}

function checkKey(table: Table, say: Say) {
  for (const name of table.primaryKey)
    if (table.columns.find((column) => column.name === name)?.type === 'double')
      say(`The key of "${table.name}" is a number with a floating point, by which no row is named safely.`)
}

function checkSchedule(schedule: Schedule, root: Table, model: Application, say: Say) {
  const { legalEntities, applies, inForce, trigger, period, begin, fiscalYearEnds, kind, action, authority } = schedule
  const codes = model.legalEntities.map(({ code }) => code)
  for (const code of legalEntities ?? [])
    if (!codes.includes(code)) say(`There is no legal entity "${code}".${meant(code, codes)}`)
  if (legalEntities && root.legalEntity === undefined)
    say(`Rows of "${root.name}" do not say of which legal entity they are.`)
  for (const rows of applies) checkRows(model, root, rows, say)
  if (inForce.to !== undefined && inForce.to < inForce.from) say('It ends before it is in force.')
  if (authority.read < '2000-01-01') say('Its authority was read before there was this software.')
  for (const date of trigger.latestOf) {
    const table = checkRows(model, root, date, say)
    const column = table?.columns.find(({ name }) => name === date.column)
    if (table && !column)
      say(
        `The table "${table.name}" has no column "${date.column}".${meant(
          date.column,
          table.columns.map(({ name }) => name),
        )}`,
      )
    else if (column && !isMoment(column.type))
      say(`"${column.name}" is ${column.type}, and a period begins with a date.`)
  }
  const { months, days } = reckoned(period)
  if (months > LONGEST_MONTHS || days > LONGEST_DAYS) say('Its period is longer than 200 years.')
  if (begin === 'fiscal-year-end' && fiscalYearEnds === undefined)
    say('It does not say with which month a fiscal year ends.')
  if (begin !== 'fiscal-year-end' && fiscalYearEnds !== undefined)
    say('It says when a fiscal year ends, and does not begin with one.')
  if (kind === 'keep-no-longer-than' && action === 'keep') say('It cannot be kept no longer than a time and for good.')
}

/** Steps and conditions; gives the table that is reached. */
function checkRows(model: Application, root: Table, { via, where }: Rows, say: Say): Table | undefined {
  let at = root
  for (const { table, by } of via) {
    const next = needTable(model, table, say)
    if (!next) return undefined
    const ways = stepsBetween(model, at.name, table, by)
    if (ways.length === 0) say(`No declared key${by ? ` ${by.join(', ')}` : ''} leads from "${at.name}" to "${table}".`)
    if (ways.length > 1)
      say(
        at.name === table
          ? `Rows of "${table}" lead to each other in two directions; such a step cannot be taken.`
          : `From "${at.name}" to "${table}" there is more than one way: ${ways.map(({ link }) => linkName(link)).join(', ')}. Say which, with "by".`,
      )
    if (ways.length !== 1) return undefined
    at = next
  }
  const types = new Map<string, ColumnType>(at.columns.map(({ name, type }) => [name, type]))
  for (const condition of where) {
    const type = types.get(condition.column)
    if (type === undefined)
      say(`The table "${at.name}" has no column "${condition.column}".${meant(condition.column, [...types.keys()])}`)
    else for (const message of checkCondition(condition, type, at, model)) say(message)
  }
  return at
}

/** Each table is of one record only, and none of the domain is forgotten. */
function checkOwners(
  schedules: DomainSchedules,
  model: Application,
  others: readonly DomainSchedules[],
  say: (message: string, where?: Omit<ScheduleFinding, 'message'>) => void,
) {
  const owners = new Map<string, { root: string; class: string; by: readonly string[] | undefined }[]>()
  for (const one of [schedules, ...others].flatMap(({ classes }) => classes))
    for (const part of [{ table: one.table, by: undefined }, ...one.with]) {
      const list = owners.get(part.table) ?? []
      owners.set(part.table, [...list, { root: one.table, class: one.name, by: part.by }])
    }
  for (const [table, list] of owners) {
    const [first] = list
    const other = list.find(({ root, by }) => root !== first?.root || !sameColumns(by ?? [], first.by ?? []))
    if (first && other)
      say(`Rows of "${table}" go with the classes "${first.class}" and "${other.class}": they can go with one only.`, {
        class: other.class,
      })
    const good = schedules.keptForGood[table]
    if (good !== undefined) say(`The table "${table}" is kept for good, and goes with "${first?.class ?? ''}".`)
  }
  for (const table of Object.keys(schedules.keptForGood))
    if (!tableOf(model, table))
      say(
        `There is no table "${table}".${meant(
          table,
          model.tables.map(({ name }) => name),
        )}`,
      )
  for (const { name, domain } of model.tables)
    if (domain === schedules.domain && !owners.has(name) && schedules.keptForGood[name] === undefined)
      say(`No class has the table "${name}", and it is not said that it is kept for good.`)
}
