import { join } from 'node:path'
import { openGovernance } from '@muniment/api/governance'
import { sampleRules } from '@muniment/archive/access/sample-rules'
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
import { demonstrates } from './demonstrates.ts'
import { type Embedded, withEmbedded } from './embedded.ts'

const clock = () => new Date()

/** Runs `act` with schedules, holds and destruction of the data folder; a server may be running beside it. */
export function withRetention<T>(act: (retention: Retention, embedded: Embedded) => Promise<T>): Promise<T> {
  return withEmbedded(async (embedded) => {
    const { home, catalog, engine, settings } = embedded
    const log = createLog('cli', { level: 'silent' })
    const governance = await openGovernance({ home, clock, process: 'command', log })
    const { publicKeys, close } = governance
    const audit = byCommandLine(governance.audit)
    try {
      await openRegister(home.store)
      const retention = createRetention({
        store: home.store,
        engine,
        catalog,
        loadModel: (application) => loadApplication(settings.templatesRoot, application),
        applications: () => createTemplateLibrary(settings.templatesRoot).list(),
        audit,
        clock,
        work: join(home.work, 'retention-command'),
        sealSecrets: fileSealSecrets(home.path),
        keySecrets: fileKeySecrets(home.path),
        signer: () => openFileSigner(secretsOf(home.path)),
        publicKeys,
      })
      // As the server begins: what a command finds does not depend on whether one was started before.
      if (await demonstrates(embedded)) {
        await governance.begin(sampleRules, { by: 'sample', reason: 'Rules of the sample people' })
        await retention.begin(settings.schedulesRoot, { by: 'sample', reason: 'Schedules of the sample system' })
      }
      return await act(retention, embedded)
    } finally {
      await close()
    }
  })
}
