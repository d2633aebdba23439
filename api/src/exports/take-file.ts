import { Readable } from 'node:stream'
import { NotFoundError } from '@muniment/archive/errors'
import { contentDisposition } from '@muniment/archive/store/content-disposition'
import { actorOf } from '../shared/acting.ts'
import { logFault, newIncident } from '../shared/problem.ts'
import { purposeEntry } from '../shared/purposes.ts'
import type { Services } from '../shared/services.ts'
import { groupsOfAddress, takeAddress } from './address-uses.ts'
import { createExportRecords } from './export-record.ts'
import type { FileAddress } from './file-address.ts'
import { mustStillTake } from './must-still-take.ts'

/**
 * The file of an address, to whom it was made for, as far as the rules of this moment still give it; it is in the log before its first
 * byte. Throws NotFoundError or ProblemError where there is nothing to give.
 */
export async function takeFile(services: Services, address: FileAddress, headOnly: boolean): Promise<Response> {
  const { store, access, audit, log } = services
  const record = (await createExportRecords(store).read(address.export))?.record
  if (record?.person.id !== address.person) throw new NotFoundError()
  const person = { ...record.person, groups: await groupsOfAddress(store, address.export, address.use) }
  const acting = { person, rights: await access.rightsOf(person) }
  const actor = actorOf(acting)
  const what = address.fileName === record.companionName ? 'companion' : 'file'
  const subject = { export: record.id, what }
  const search = await mustStillTake(services, acting, record).catch(async (error: unknown) => {
    await audit
      .note({ action: 'download', actor, subject }, { outcome: 'refused' })
      .catch((unwritten: unknown) => logFault(log, newIncident(), unwritten, { export: record.id }))
    throw error
  })
  const found = await store.head(address.key)
  if (!found) throw new NotFoundError()
  if (!headOnly) {
    const fetch = await takeAddress(store, record.id, address.use)
    const { application, useCase, purpose } = search
    await audit.note(
      {
        action: 'download',
        actor,
        purpose: purposeEntry(purpose),
        subject: { ...subject, application, useCase, fetch },
      },
      { outcome: 'done', rows: record.rows ?? 0, bytes: found.size },
    )
  }
  // A body that nobody reads would keep its file open.
  const stream = headOnly ? undefined : await store.stream(address.key, { etag: found.etag })
  const { fileName, contentType } = address
  return new Response(stream ? (Readable.toWeb(stream) as ReadableStream<Uint8Array>) : null, {
    headers: {
      'Content-Type': contentType,
      'Content-Length': String(found.size),
      'Content-Disposition': contentDisposition(fileName),
    },
  })
}
