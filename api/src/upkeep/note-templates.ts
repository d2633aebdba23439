import type { Actor, AuditLog } from '@muniment/archive/audit/port'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { TemplateLibrary } from '@muniment/query-templates/port'
import { z } from 'zod'

const Known = z.object({ hash: z.string() })
/** What of an application's model and templates was last in force here. */
const knownKey = (application: string) => `templates/${application}/in-force.json`

interface NotingParts {
  store: ObjectStore
  audit: AuditLog
  templates: TemplateLibrary
  /** Who put them in force, where that is known. */
  actor?: Actor
}

const server: Actor = { id: 'server', roles: [], groups: [], rules: 0 }

/** Notes in the log where an application's model or templates are others than before: once a change, whoever sees it first. */
export async function noteTemplates({ store, audit, templates, actor = server }: NotingParts): Promise<number> {
  let noted = 0
  for (const application of await templates.list()) {
    const { hash } = await templates.get(application)
    const key = knownKey(application)
    const object = await store.get(key)
    const before = object && Known.parse(JSON.parse(object.body.toString('utf8'))).hash
    if (before === hash) continue
    const entry = await audit.open({
      action: 'template-change',
      actor,
      subject: { application, hash, ...(before !== undefined && { before }) },
    })
    const body = JSON.stringify({ hash })
    try {
      if (object) await store.replace(key, body, object.etag)
      else await store.create(key, body)
      noted += 1
      await audit.close(entry, { outcome: 'done' })
    } catch (error) {
      await audit.close(entry, { outcome: error instanceof ConflictError ? 'cancelled' : 'failed' })
      if (!(error instanceof ConflictError)) throw error
    }
  }
  return noted
}
