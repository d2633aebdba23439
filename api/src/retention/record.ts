import { NotFoundError } from '@muniment/archive/errors'
import { heldBy } from '@muniment/archive/holds/held-by'
import { listHolds } from '@muniment/archive/holds/list'
import { readStatements } from '@muniment/archive/statements/read-statements'
import type { Statement } from '@muniment/archive/statements/types'
import type { Retention } from '@muniment/retention/retention'
import { authorityWords, scheduleSentence } from '@muniment/retention/words/schedule-words'
import type { AskRecord, RecordStanding } from '../contract.ts'
import type { Acting } from '../shared/acting.ts'
import { nothingHere } from '../shared/guards.ts'
import type { Services } from '../shared/services.ts'
import { isSeen } from './is-seen.ts'
import { openTo, type Told, withheld } from './told-of-record.ts'

/** Why a record is still here, for whoever may see it: of holds only that there are some, unless they manage them. */
export async function recordStanding(
  services: Services,
  retention: Retention,
  acting: Acting,
  { application, table, key }: AskRecord,
): Promise<RecordStanding> {
  const { store, templates, clock, engine } = services
  const { rights } = acting
  if (!rights.mayEnter(application) || !(await templates.list()).includes(application)) throw nothingHere()
  const { application: model } = await templates.get(application)
  const view = rights.view(model)
  const described = model.tables.find(({ name }) => name === table)
  if (!view || !described || !view.restrictions.tables.includes(table) || described.primaryKey.length !== key.length)
    throw nothingHere()
  if (!(await isSeen({ engine, application, table: described, key, view }))) throw nothingHere()

  const found = await retention.explain({ application, table, key }).catch((error: unknown) => {
    if (error instanceof NotFoundError) return undefined
    throw error
  })
  const record = found?.record ?? { table, key }
  const held = (await heldBy(store, application, clock)).covers(table, key, record)
  const knows = rights.has('manage-holds') || rights.has('approve-destruction')
  // Whoever plans destruction is told of its reasons by class and number anyway; others only what records that they see say.
  const told = knows || rights.has('plan-destruction') ? undefined : openTo(model, view.restrictions)
  const holds = held.length === 0 ? [] : await listHolds(store, application, clock)
  const statements = (await readStatements(store, application)).statements.filter(
    (one) => sameRecord(one, { table, key }) || sameRecord(one, record),
  )
  const shown = found && told ? withheld(found, told, await classOf(retention, application, found)) : found
  const sentences = [
    ...(held.length > 0 ? [held.length === 1 ? 'It is held.' : `It is held by ${held.length} holds.`] : []),
    ...(shown ? sentencesOf(shown) : ['No retention schedule says anything of it, so that it is kept.']),
  ]
  return {
    ...(found && { class: { ...found.class, domain: found.domain } }),
    standing: held.length > 0 ? 'held' : (found?.standing ?? 'none'),
    sentences,
    ...(shown?.dueFrom && { dueFrom: shown.dueFrom }),
    schedules: (shown?.schedules ?? [])
      .filter(({ applies }) => applies !== false)
      .map(({ schedule, event, dueFrom, decides }) => ({
        id: schedule.id,
        sentence: scheduleSentence(schedule, model),
        authority: authorityWords(schedule.authority),
        ...(event && { trigger: event }),
        ...(dueFrom && { dueFrom }),
        decides,
      })),
    holds: held.map((id) => {
      const hold = holds.find((one) => one.id === id)
      return { id, placed: hold?.placed ?? '', ...(knows && hold && { matter: hold.matter }) }
    }),
    statements: statements.map(({ id, table: of, what, reason, signed, approved }) => ({
      id,
      ...(told && !isOpen(told, of, what)
        ? { sentence: 'Something is stated of what you may not see.', reason: 'You may not see it.' }
        : { sentence: statementSentence(what), reason }),
      signed: { by: signed.by, at: signed.at },
      waits: (what.kind === 'event' || what.kind === 'reviewed') && !approved,
    })),
  }
}

type Explained = Awaited<ReturnType<Retention['explain']>>

const sameRecord = (one: { table: string; key: string[] }, other: { table: string; key: string[] }) =>
  one.table === other.table &&
  one.key.length === other.key.length &&
  one.key.every((part, at) => part === other.key[at])

function sentencesOf({ standing, because, dueFrom, conditions, namedBy }: Explained) {
  const first = {
    due: dueFrom ? `It may go since ${dueFrom}.` : 'It may go.',
    'not-due': dueFrom ? `It must be kept until ${dueFrom}.` : 'It is not due.',
    kept: dueFrom ? `It would be due since ${dueFrom}, and is kept.` : 'It is kept.',
    review: 'Its time is over, and somebody has to decide what becomes of it.',
    'for-good': 'It is kept for good.',
    undated: 'It cannot be said when it falls due, so that it is kept.',
    conflict: 'Its schedules contradict each other, so that it is kept.',
  }[standing]
  return [
    first,
    ...(because === undefined ? [] : [because]),
    ...conditions.map(({ title, holds }) => (holds === true ? title : `It may be so, and cannot be told: ${title}`)),
    ...namedBy.map(({ table, rows }) =>
      rows === 1 ? `1 row of ${table} names it.` : `${rows} rows of ${table} name it.`,
    ),
  ].filter((sentence, index, all) => all.indexOf(sentence) === index)
}

async function classOf(retention: Retention, application: string, { domain, class: { name } }: Explained) {
  const found = (await retention.schedules(application)).find(({ schedules }) => schedules.domain === domain)
  return found?.schedules.classes.find((one) => one.name === name)
}

const isOpen = ({ column }: Told, table: string, what: Statement['what']) =>
  (what.kind !== 'event' && what.kind !== 'correction') || column(table, what.column)

function statementSentence(what: Statement['what']): string {
  switch (what.kind) {
    case 'event':
      return `${what.column} is taken to be ${what.date}.`
    case 'moved':
      return `It lives on in ${what.to} since ${what.date}.`
    case 'correction':
      return `${what.column} is disputed: ${what.value ?? 'no value'} is said to be right.`
    case 'restriction':
      return what.until === undefined ? 'Its use is restricted.' : `Its use is restricted until ${what.until}.`
    case 'reviewed':
      return what.outcome === 'destroy' ? 'It was reviewed, and may go.' : 'It was reviewed, and is to be kept.'
  }
}
