import { type EntryQuery, findEntries } from '@muniment/archive/audit/find/find-entries'
import { forgottenMonths } from '@muniment/archive/audit/find/forgotten-months'
import { recordTokens } from '@muniment/archive/audit/keys/commitments'
import { InputError } from '@muniment/archive/errors'
import type { AuditEntries, AuditEntry, AuditFilters, AuditLinesHead } from '../contract.ts'
import { type Acting, actorOf } from '../shared/acting.ts'
import { orClosed } from '../shared/or-closed.ts'
import type { Services } from '../shared/services.ts'
import { templatesOf } from '../shared/templates.ts'
import { presentEntry } from './present-entry.ts'

const dayMs = 86_400_000
/** Days that are looked through where no beginning is named. */
const usualDays = 30

export interface EntriesAsked extends AuditFilters {
  before?: string | undefined
}

interface Looked {
  query: EntryQuery
  /** Months of which nobody can say any more in whose results a record was. */
  forgotten: string[]
  /** Files that turned out not to verify. */
  damaged: string[]
  from: Date
  until: Date
}

/** What an answer says of itself, once it was looked up. */
const about = ({ from, until, forgotten, damaged }: Looked): AuditLinesHead['about'] => ({
  from: from.toISOString(),
  until: until.toISOString(),
  ...(forgotten.length > 0 && { forgotten }),
  ...(damaged.length > 0 && { damaged }),
})

export type Entries = ReturnType<typeof createEntries>

/** The log as auditors read it. Reading it stands in it. */
export function createEntries(services: Services) {
  const { store, audit, auditing, clock } = services

  async function look(asked: EntriesAsked): Promise<Looked> {
    const until = asked.until === undefined ? new Date(clock().getTime() + dayMs) : new Date(asked.until)
    const usual = Math.min(until.getTime(), clock().getTime()) - usualDays * dayMs
    const from = asked.from === undefined ? new Date(usual) : new Date(asked.from)
    if (from >= until) throw new InputError('The period ends before it begins.', { from: 'This is after the end.' })
    const { person, action, outcome, before } = asked
    const { tokens, without } = (await tokensIn(asked, from, until)) ?? { without: [] }
    const damaged: string[] = []
    const onDamage = ({ message }: Error) => void damaged.push(message)
    const query: EntryQuery = {
      from,
      ...(auditing && { checking: { streamKey: await auditing.streamKey(), onDamage } }),
      until,
      ...(person !== undefined && { person }),
      ...(action !== undefined && { actions: [action] }),
      ...(outcome !== undefined && { outcome }),
      ...(before !== undefined && { before }),
      ...(tokens && { tokens }),
    }
    return { query, forgotten: await forgottenMonths(store, without), damaged, from, until }
  }

  /** What the log knows a record by; the key itself is not kept. */
  async function tokensIn({ record, application }: EntriesAsked, from: Date, until: Date) {
    if (record === undefined) return undefined
    const fail = (message: string): never => {
      throw new InputError(message, { record: message })
    }
    if (application === undefined) return fail('Say of which application the record is.')
    const { tables } = (await templatesOf(services.templates, application)).application
    const [, name = '', text = ''] = /^([^:]*):(.*)$/s.exec(record) ?? []
    const table = tables.find((candidate) => candidate.name === name)
    if (!table) return fail('Name a record by its table and key, as policies:P-000123. There is no such table.')
    const columns = table.primaryKey.length
    const key = columns === 1 ? [text.trim()] : text.split(',').map((part) => part.trim())
    if (key.length !== columns || key.includes(''))
      return fail(`The key of ${table.title} is ${table.primaryKey.join(', ')}, joined by commas.`)
    return auditing
      ? recordTokens(auditing.secrets, { application, table: name, key }, from, until)
      : { tokens: [], without: [] }
  }

  /** Opens the entry of the reading. Ids and what was typed become commitments; names are of lists. */
  const opened = (acting: Acting, asked: EntriesAsked, { from, until }: Looked, what: string): Promise<string> => {
    const { action, outcome, application, person, record } = asked
    const typed = { ...(person !== undefined && { person }), ...(record !== undefined && { record }) }
    return audit.open({
      action: 'log-view',
      actor: actorOf(acting),
      subject: {
        what,
        from: from.toISOString(),
        until: until.toISOString(),
        ...(action !== undefined && { action }),
        ...(outcome !== undefined && { outcome }),
        ...(record !== undefined && application !== undefined && { application }),
        by: Object.keys(typed),
      },
      ...(Object.keys(typed).length > 0 && { typed }),
    })
  }

  /** Of one application where one is named; searches and exports name theirs. */
  async function* found({ query }: Looked, { application, record }: EntriesAsked): AsyncGenerator<AuditEntry> {
    const verified = await auditing?.verification.state()
    const all = findEntries(store, { ...query, limit: Number.POSITIVE_INFINITY })
    for await (const action of all) {
      const other =
        record === undefined && application !== undefined && action.opening.subject?.application !== application
      if (!other) yield presentEntry(action, verified)
    }
  }

  return {
    async page(acting: Acting, asked: EntriesAsked, limit: number): Promise<AuditEntries> {
      const looked = await look(asked)
      const entry = await opened(acting, asked, looked, 'page')
      const entries = await orClosed(services, entry, async () => {
        const some: AuditEntry[] = []
        for await (const one of found(looked, asked)) {
          some.push(one)
          if (some.length > limit) break
        }
        return some
      })
      const more = entries.length > limit
      const shown = entries.slice(0, limit)
      await audit.close(entry, { outcome: 'done', rows: shown.length })
      const next = more ? shown.at(-1)?.id : undefined
      return { entries: shown, ...(next !== undefined && { next }), ...about(looked) }
    },

    /** What the answer says of itself, then a line of JSON an entry. What was asked is checked, and in the log, when it resolves. */
    async lines(acting: Acting, asked: EntriesAsked): Promise<ReadableStream<Uint8Array>> {
      const looked = await look(asked)
      const entry = await opened(acting, asked, looked, 'download')
      const encoder = new TextEncoder()
      const entries = found(looked, asked)
      const line = (value: AuditLinesHead | AuditEntry) => encoder.encode(`${JSON.stringify(value)}\n`)
      let begun = false
      let rows = 0
      let closed = false
      const close = async (outcome: 'done' | 'interrupted' | 'failed') => {
        if (closed) return
        closed = true
        await audit.close(entry, { outcome, rows })
      }
      return new ReadableStream<Uint8Array>({
        async pull(controller) {
          const { value, done } = await entries.next().catch(async (error: unknown) => {
            await close('failed')
            throw error
          })
          // What does not verify is known with the first entry: it is looked at before what checkpoints cover.
          if (!begun) controller.enqueue(line({ about: about(looked) }))
          begun = true
          if (done) {
            await close('done')
            controller.close()
            return
          }
          rows++
          controller.enqueue(line(value))
        },
        async cancel() {
          await entries.return(undefined)
          await close('interrupted')
        },
      })
    },
  }
}
