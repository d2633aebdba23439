import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256Hex } from '@muniment/archive/audit/canonical'
import { findEntries } from '@muniment/archive/audit/find/find-entries'
import type { Signer } from '@muniment/archive/audit/keys/port'
import { destroyedFile, destroyedHash } from '@muniment/archive/destroyed/destroyed-keys'
import type { KeySecrets } from '@muniment/archive/destroyed/key-secrets'
import { OperatorError } from '@muniment/archive/errors'
import { certificateKey, destroyedKeysKey, dispositionKey } from '@muniment/archive/layout'
import { z } from 'zod'
import { createOrRead } from '../execute/files.ts'
import { countOf, openLists } from '../execute/lists.ts'
import { type ExecuteDeps, plannedSchedules, RUN_ACTOR } from '../execute/ports.ts'
import { removeWholly } from '../execute/purge.ts'
import { filePath, openSessions } from '../execute/session.ts'
import { decisionsOf, destroyedRows } from '../run/destroyed-rows.ts'
import { begunKey, executedKey, heldPrefix, verificationKey } from '../run/run-keys.ts'
import { doneObjects, plannedRun, readApproval, readRecord } from '../run/run-state.ts'
import type { Plan } from '../run/types.ts'
import { Executed, Verification } from '../verify/verify-run.ts'
import { Certificate, type CertificateStatement, signCertificate } from './certificate.ts'

export interface CertifyDeps extends ExecuteDeps {
  keySecrets: KeySecrets
}

const Begun = z.looseObject({ at: z.iso.datetime() })

/** Entries of the log about a run; the last of them, about the certificate itself, is being made. */
async function entriesOf({ store }: ExecuteDeps, run: string): Promise<{ action: string; id: string }[]> {
  const found: { action: string; id: string }[] = []
  const actions = ['plan', 'plan-approval', 'destruction'] as const
  for await (const { opening } of findEntries(store, { actions: [...actions], limit: Number.POSITIVE_INFINITY }))
    if (opening.subject?.run === run) found.push({ action: opening.action, id: opening.id })
  return found.sort((one, other) => (one.id < other.id ? -1 : 1))
}

interface Counted {
  classes: CertificateStatement['classes']
  tables: CertificateStatement['tables']
  schedules: Map<string, number>
}

/** Counts what was destroyed, and writes the hashes of its keys. */
async function countDestroyed(
  deps: CertifyDeps,
  plan: Plan,
  secret: Buffer,
  decisions: Awaited<ReturnType<typeof decisionsOf>>,
): Promise<Counted> {
  const folder = join(deps.work, `${plan.run}-${randomBytes(4).toString('hex')}`)
  const sessions = await openSessions(join(folder, 'spill'))
  const session = await sessions.open()
  try {
    const lists = await openLists(deps.store, plan, join(folder, 'lists'))
    const hashes = new Map<string, Map<string, Buffer>>()
    const rowsOf = new Map<string, number>()
    const records = new Map<string, Set<string>>()
    const rowsOfClass = new Map<string, number>()
    for await (const { table, rows } of destroyedRows(session, plan, lists, decisions)) {
      const ofTable = hashes.get(table) ?? new Map<string, Buffer>()
      hashes.set(table, ofTable)
      for (const { key, class: cls, record } of rows) {
        const hash = destroyedHash(secret, plan.application, table, key)
        ofTable.set(hash.toString('latin1'), hash)
        rowsOf.set(table, (rowsOf.get(table) ?? 0) + 1)
        rowsOfClass.set(cls, (rowsOfClass.get(cls) ?? 0) + 1)
        const ofClass = records.get(cls) ?? new Set<string>()
        records.set(cls, ofClass.add(JSON.stringify(record)))
      }
    }
    const tables: CertificateStatement['tables'] = {}
    for (const [table, ofTable] of hashes) {
      const key = destroyedKeysKey(plan.run, table)
      const body = destroyedFile(ofTable.values())
      if (!(await createOrRead(deps.store, key, body)).equals(body))
        throw new OperatorError(`${key} holds other hashes than those of what was destroyed.`)
      tables[table] = {
        rows: rowsOf.get(table) ?? 0,
        destroyed: { key, sha256: sha256Hex(body), hashes: body.length / 32 },
      }
    }
    const schedules = new Map<string, Set<string>>()
    for (const table of Object.keys(plan.lists))
      await session.each(
        `SELECT schedule, class, to_json(list_value(COLUMNS('record_[0-9]+'))) FROM read_parquet(${filePath(lists.file(table))}, hive_partitioning = false) GROUP BY ALL`,
        ([schedule, cls, record]) => {
          // Of records that a hold kept nothing was destroyed.
          if (!records.get(cls ?? '')?.has(record ?? '')) return
          schedules.set(schedule ?? '', (schedules.get(schedule ?? '') ?? new Set()).add(`${cls} ${record}`))
        },
      )
    return {
      classes: Object.fromEntries(
        [...records].map(([cls, some]) => [cls, { records: some.size, rows: rowsOfClass.get(cls) ?? 0 }]),
      ),
      tables,
      schedules: new Map([...schedules].map(([schedule, some]) => [schedule, some.size])),
    }
  } finally {
    session.close()
    sessions.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The lists of keys go, all versions of them, and what was held of them; their hashes are in the certificate. */
async function removeLists({ store }: ExecuteDeps, plan: Plan): Promise<void> {
  for (const table of Object.keys(plan.lists)) await removeWholly(store, dispositionKey(plan.run, table))
  const held: string[] = []
  for await (const { key } of store.list(heldPrefix(plan.run))) held.push(key)
  for (const key of held) await removeWholly(store, key)
}

/**
 * Certifies a verified run: writes the keyed hashes of the destroyed keys, signs what happened, and then removes the lists of keys. Can be
 * called again wherever it stopped. Throws OperatorError for a run that is not verified.
 */
export async function certifyRun(deps: CertifyDeps, run: string, signer: Signer): Promise<Certificate> {
  const { store, audit, clock } = deps
  const { plan, hash } = await plannedRun(store, run)
  const earlier = await readRecord(store, certificateKey(run), Certificate)
  if (earlier) {
    await removeLists(deps, plan)
    return earlier
  }
  const verified = await readRecord(store, verificationKey(run), Verification)
  const executed = await readRecord(store, executedKey(run), Executed)
  const begun = await readRecord(store, begunKey(run), Begun)
  const approval = await readApproval(store, run)
  if (!verified || verified.findings.length > 0 || !executed || !begun || !approval)
    throw new OperatorError(`Run ${run} is not verified; nothing can be certified of it yet.`)
  const year = clock().getUTCFullYear()
  const secret = await deps.keySecrets.key(plan.application, year)
  const decisions = await decisionsOf(store, plan)
  const counted = await countDestroyed(deps, plan, secret, decisions)
  const done = [...(await doneObjects(store, plan)).values()]
  const { schedules } = await plannedSchedules(deps, plan)
  const authorities = schedules.classes
    .flatMap((cls) => cls.schedules)
    .flatMap(({ id, title, authority: { law, article, jurisdiction } }) => {
      const records = counted.schedules.get(id)
      return records === undefined
        ? []
        : [{ schedule: id, title, law, ...(article !== undefined && { article }), jurisdiction, records }]
    })
  const id = await audit.open({
    action: 'certificate',
    actor: deps.actor ?? RUN_ACTOR,
    subject: { run, application: plan.application, domain: plan.domain, plan: hash },
  })
  try {
    const certificate = await signCertificate(
      {
        format: 'muniment-certificate-1',
        run,
        application: plan.application,
        domain: plan.domain,
        asOf: plan.asOf,
        planned: { by: plan.by.by, at: plan.planned },
        approved: { by: approval.signed.by, at: approval.signed.at, hash: approval.hash },
        executed: { begun: begun.at, finished: executed.at },
        verified: { at: verified.at, objects: verified.asked.objects, keys: verified.asked.keys },
        certified: clock().toISOString(),
        schedules: { ...plan.schedules, authorities },
        classes: counted.classes,
        tables: counted.tables,
        objects: {
          rewritten: done.filter(({ etag, destroyed }) => etag !== null && destroyed > 0).length,
          removed: done.filter(({ etag }) => etag === null).length,
        },
        held: decisions.reduce((sum, { held }) => sum + countOf(held), 0),
        keys: { algorithm: 'HMAC-SHA256', year },
        lists: plan.lists,
        remains: verified.remains,
        log: {
          name: signer.name,
          entries: [...(await entriesOf(deps, run)), { action: 'certificate', id }],
          proof: 'npx muniment audit prove ENTRY',
        },
      },
      signer,
    )
    const stands = Certificate.parse(
      JSON.parse(
        (await createOrRead(store, certificateKey(run), `${JSON.stringify(certificate, null, 2)}\n`)).toString(),
      ),
    )
    await audit.close(id, { outcome: 'done', detail: { sha256: sha256Hex(stands.statement) } })
    await removeLists(deps, plan)
    return stands
  } catch (error) {
    await audit.close(id, { outcome: 'failed' }).catch(() => undefined)
    throw error
  }
}
