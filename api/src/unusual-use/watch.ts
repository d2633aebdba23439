import { setImmediate as answered } from 'node:timers/promises'
import type { UnusualUse } from '@muniment/archive/access/unusual-use'
import type { Actor, AuditLog, Closing, Opening, SeenRecord } from '@muniment/archive/audit/port'
import type { MiddlewareHandler } from 'hono'
import { exportIdPattern, searchIdPattern } from '../shared/ids.ts'
import { logFault, newIncident } from '../shared/problem.ts'
import type { AppEnv } from '../shared/router.ts'
import type { Services } from '../shared/services.ts'
import { localTime, nightOf } from './night.ts'
import { addSight, changeKept, nothingSeen, personToken, type Sight } from './seen-persons.ts'

/** What is seen is written a moment later, so that a page's panels are one write. */
const gatherMs = 2_000
/** Actions under way, and persons, that are remembered at once. */
const most = 10_000

const watched = new Set<Opening['action']>(['search', 'page', 'export', 'download'])

export const rules = ['many-persons', 'night-exports', 'own-records'] as const
export type UnusualRule = (typeof rules)[number]

interface Asker {
  unusualUse: UnusualUse
  records: ReadonlySet<string>
}

interface Gathered {
  actor: Actor
  sight: Sight
  timer?: NodeJS.Timeout
}

/**
 * Tells auditors of unusual use by an entry of the log: once a person, rule and day (or night), never a value of a record. It goes by what
 * the log is told, after that is durable and beside the answer, and stops nobody.
 */
export function watchUse(services: Services) {
  const { audit, store, clock, later, log, templates, atEnd } = services
  const secrets = services.auditing?.secrets
  const askers = new Map<string, Asker>()
  const openings = new Map<string, Opening>()
  const gathered = new Map<string, Gathered>()
  atEnd?.(async () => {
    await Promise.all([...gathered.keys()].map(write))
  })

  /** What the rules and the sign-in say of whoever asks: kept until they ask again. */
  const asking: MiddlewareHandler<AppEnv> = async (c, next) => {
    const { id, records = [] } = c.get('person')
    const { unusualUse } = c.get('rights')
    askers.delete(id)
    remember(askers, id, { unusualUse, records: new Set(records) })
    await next()
  }

  /** What matters of the records that an action showed. Of a large export they pass by once, and only as many are held as count. */
  function collector(person: string) {
    const asker = askers.get(person)
    const enough = asker?.unusualUse.manyPersons ? asker.unusualUse.manyPersons.persons + 1 : 0
    const ownRecords = asker?.unusualUse.ownRecords ? asker.records : new Set<string>()
    const personTables = new Map<string, string | undefined>()
    const persons = new Map<string, SeenRecord>()
    let own = false

    async function look(record: SeenRecord): Promise<void> {
      const { application, table, key } = record
      if (!own && ownRecords.size > 0) own = ownRecords.has(nameOf(record))
      if (persons.size >= enough) return
      if (!personTables.has(application))
        personTables.set(application, (await templates.get(application)).application.personTable)
      if (table === personTables.get(application)) persons.set(JSON.stringify([application, key]), record)
    }

    return {
      async *passing(records: AsyncIterable<SeenRecord[]>): AsyncGenerator<SeenRecord[]> {
        for await (const some of records) {
          for (const record of some) await look(record)
          yield some
        }
      },
      async take(records: readonly SeenRecord[]) {
        for (const record of records) await look(record)
      },
      seen: () => ({ own, persons: [...persons.values()] }),
    }
  }
  type Collected = ReturnType<typeof collector>

  async function saw(opening: Opening, { rows }: Closing, collected: Collected | undefined): Promise<void> {
    const { actor, subject = {} } = opening
    const asker = askers.get(actor.id)
    if (!asker) return
    const now = clock()
    const about = aboutOf(subject)
    if (opening.action === 'export' || opening.action === 'download') await sawExport(opening, asker, now, rows)
    const { own, persons } = collected?.seen() ?? { own: false, persons: [] }
    if (own) await flag(actor, 'own-records', localTime(now, asker.unusualUse.timeZone).day, about, {})
    if (persons.length > 0) await gather(actor, await tokensOf(persons, now), about, now)
  }

  async function sawExport({ actor, action, subject = {} }: Opening, asker: Asker, now: Date, rows?: number) {
    const { nightExports, timeZone } = asker.unusualUse
    const night = nightExports && nightOf(now, timeZone, nightExports)
    if (!nightExports || !night) return
    const { time } = localTime(now, timeZone)
    const figures = { at: time, ...nightExports, timeZone, ...(rows !== undefined && { rows }) }
    await flag(actor, 'night-exports', night, aboutOf(subject), { ...figures, what: action })
  }

  async function tokensOf(persons: readonly SeenRecord[], now: Date): Promise<string[]> {
    const key = secrets ? await secrets.key(now.toISOString().slice(0, 7)) : services.secret
    return persons.map(({ application, table, key: columns }) => personToken(key, [application, table, ...columns]))
  }

  async function gather(actor: Actor, persons: string[], about: string[], now: Date): Promise<void> {
    const one: Gathered = gathered.get(actor.id) ?? { actor, sight: nothingSeen() }
    gathered.set(actor.id, one)
    for (const token of persons) one.sight.persons.set(token, now.getTime())
    for (const id of about) one.sight.about.set(id, now.getTime())
    // A process that may stop with its answer writes before it.
    if (!atEnd) return write(actor.id)
    one.timer ??= setTimeout(() => void later(write(actor.id)), gatherMs).unref()
  }

  async function write(person: string): Promise<void> {
    const one = gathered.get(person)
    gathered.delete(person)
    clearTimeout(one?.timer)
    const unusualUse = askers.get(person)?.unusualUse
    if (!one || !unusualUse?.manyPersons) return
    const { manyPersons, timeZone } = unusualUse
    try {
      const now = clock()
      const { day } = localTime(now, timeZone)
      const reached = await changeKept(store, person, (kept) => {
        const { next, isNew } = addSight(kept, one.sight, now, manyPersons)
        const persons = Object.keys(next.persons).length
        const result = persons > manyPersons.persons ? { persons, about: next.about.map(([id]) => id) } : undefined
        return isNew ? { kept: next, result } : { result }
      })
      if (reached) {
        const figures = { persons: reached.persons, minutes: manyPersons.minutes }
        await flag(one.actor, 'many-persons', day, reached.about, figures)
      }
    } catch (error) {
      fault(error)
    }
  }

  /** Whoever marks the day first writes the entry; where that fails, the mark goes again. */
  async function flag(
    actor: Actor,
    rule: UnusualRule,
    day: string,
    about: readonly string[],
    detail: Record<string, string | number>,
  ): Promise<void> {
    const isFirst = await changeKept(store, actor.id, (kept) =>
      kept.told[rule] === day
        ? { result: false }
        : { kept: { ...kept, told: { ...kept.told, [rule]: day } }, result: true },
    )
    if (!isFirst) return
    const searches = about.filter((id) => searchIdPattern.test(id))
    const exports = about.filter((id) => exportIdPattern.test(id))
    const subject = { rule, day, ...(searches.length > 0 && { searches }), ...(exports.length > 0 && { exports }) }
    try {
      await audit.note({ action: 'unusual-use', actor, subject }, { outcome: 'done', detail })
    } catch (error) {
      await changeKept(store, actor.id, (kept) => {
        const { [rule]: _told, ...told } = kept.told
        return { kept: { ...kept, told }, result: undefined }
      })
      throw error
    }
  }

  function fault(error: unknown): void {
    logFault(log, newIncident(), error, { unusualUse: 'unwatched' })
  }

  /** Nobody waits for it where the process lives on after its answers. */
  async function after(opening: Opening, closing: Closing, collected?: Collected): Promise<void> {
    if (closing.outcome !== 'done') return
    const { records = [] } = closing
    const work = answered().then(async () => {
      if (Array.isArray(records)) await collected?.take(records)
      await saw(opening, closing, collected)
    })
    await later(work.catch(fault))
  }

  /** What comes some at a time is looked at as it passes. */
  function collecting({ actor }: Opening, closing: Closing): { collected: Collected; passing: Closing } {
    const collected = collector(actor.id)
    const { records } = closing
    const passes = records && !Array.isArray(records)
    return { collected, passing: passes ? { ...closing, records: collected.passing(records) } : closing }
  }

  const watching: AuditLog = {
    async open(opening) {
      const id = await audit.open(opening)
      if (watched.has(opening.action)) remember(openings, id, opening)
      return id
    },
    async close(id, closing) {
      const opening = openings.get(id)
      if (!opening) return audit.close(id, closing)
      const { collected, passing } = collecting(opening, closing)
      await audit.close(id, passing)
      openings.delete(id)
      await after(opening, closing, collected)
    },
    async note(opening, closing) {
      if (!watched.has(opening.action)) return audit.note(opening, closing)
      const { collected, passing } = collecting(opening, closing)
      const id = await audit.note(opening, passing)
      await after(opening, closing, collected)
      return id
    },
  }

  return { asking, audit: watching }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value)
  if (map.size > most) for (const oldest of [...map.keys()].slice(0, most / 10)) map.delete(oldest)
}

const nameOf = ({ application, table, key }: SeenRecord): string => `${application}:${table}:${key.join(',')}`

/** Ids of searches and exports; an export's begins with its search's. */
function aboutOf(subject: NonNullable<Opening['subject']>): string[] {
  const { search, export: exported } = subject
  const id = exported ?? search
  return typeof id === 'string' ? [id] : []
}
