import { join } from 'node:path'
import { openGovernance } from '@muniment/api/governance'
import { openFileSigner } from '@muniment/archive/audit/keys/file-signer'
import { fileKeySecrets } from '@muniment/archive/destroyed/key-secrets'
import { openRegister } from '@muniment/archive/holds/register'
import { createLog } from '@muniment/archive/log'
import { loadApplication } from '@muniment/archive/model/load'
import { fileSealSecrets } from '@muniment/archive/seals/secrets'
import { createTemplateLibrary } from '@muniment/query-templates/library'
import { createRetention, type Retention } from '@muniment/retention/retention'
import { byCommandLine } from './by-command-line.ts'
import { secretsOf } from './commands/audit.ts'
import { type Embedded, withEmbedded } from './embedded.ts'

const clock = () => new Date()

/** Runs `act` with schedules, holds and destruction of the data folder; a server may be running beside it. */
export function withRetention<T>(act: (retention: Retention, embedded: Embedded) => Promise<T>): Promise<T> {
  return withEmbedded(async (embedded) => {
    const { home, catalog, engine, settings } = embedded
    const log = createLog('cli', { level: 'silent' })
    const { audit, publicKeys, close } = await openGovernance({ home, clock, process: 'command', log })
    try {
      await openRegister(home.store)
      const retention = createRetention({
        store: home.store,
        engine,
        catalog,
        loadModel: (application) => loadApplication(settings.templatesRoot, application),
        applications: () => createTemplateLibrary(settings.templatesRoot).list(),
        audit: byCommandLine(audit),
        clock,
        work: join(home.work, 'retention-command'),
        sealSecrets: fileSealSecrets(home.path),
        keySecrets: fileKeySecrets(home.path),
        signer: () => openFileSigner(secretsOf(home.path)),
        publicKeys,
      })
      return await act(retention, embedded)
    } finally {
      await close()
    }
  })
}
