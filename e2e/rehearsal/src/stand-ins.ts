import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AthenaClient, GetWorkGroupCommand } from '@aws-sdk/client-athena'
import { createDataCatalog } from './athena/data-catalog.ts'
import { createS3Store } from './athena/s3-store.ts'
import { serveAthena } from './athena/server.ts'
import { createAthena } from './athena/service.ts'
import type { Settings } from './athena/settings.ts'
import type { LookElsewhere } from './athena/work-groups.ts'
import type { Equipment } from './install/install.ts'
import { createGate } from './run/gate.ts'
import { type MiniStack, owner, startMiniStack } from './run/ministack.ts'
import { startTrino } from './run/trino.ts'
import { runTrino } from './trino/client.ts'

/** An AWS SDK client's configuration for `endpoint`, as the account's owner. */
export const ownerAt = (endpoint: string) => ({
  endpoint,
  region: owner.region,
  credentials: { accessKeyId: owner.accessKeyId, secretAccessKey: owner.secretAccessKey },
})

export interface StandIns {
  /** Every service but Athena. */
  readonly aws: string
  readonly athena: string
  readonly trino: string
  /** Logs and configuration of this run; removed on stop unless it was given. */
  readonly folder: string
  /** With these in the environment any AWS SDK finds the stand-ins. */
  readonly environment: Readonly<Record<string, string>>
  stop(): Promise<void>
}

export interface StandInOptions {
  readonly equipment: Equipment
  readonly folder?: string
  /** MiniStack checks signatures and IAM policies. */
  readonly auth?: boolean
  /** More of MiniStack's environment. */
  readonly ministack?: Record<string, string>
  readonly settings?: Partial<Settings>
  readonly say?: (line: string) => void
}

/** Starts MiniStack, Trino and Athena on free ports of this machine. Stopping leaves nothing behind. */
export async function startStandIns({
  equipment,
  auth = false,
  settings = {},
  say = () => {},
  ...options
}: StandInOptions): Promise<StandIns> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'rehearsal-'))
  const stops: (() => Promise<void>)[] = []
  const removeFolder = () => {
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
  }
  // Whoever ends the process in the middle of a start gets no `stop`; the programs end with it too.
  process.on('exit', removeFolder)
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each()
    removeFolder()
    process.off('exit', removeFolder)
  }
  const timed = async <T extends { stop(): Promise<void> }>(name: string, start: Promise<T>): Promise<T> => {
    const begun = Date.now()
    const started = await start
    stops.push(() => started.stop())
    say(`${name} answers after ${((Date.now() - begun) / 1000).toFixed(1)} s`)
    return started
  }
  try {
    const ministack = await timed(
      'MiniStack',
      startMiniStack(equipment, folder, { auth, env: options.ministack ?? {} }),
    )
    const trino = await timed('Trino', startTrino(equipment, folder, ministack.endpoint))
    const config = ownerAt(ministack.endpoint)
    const service = createAthena({
      engine: (request) => runTrino(trino.endpoint, request),
      store: createS3Store(config),
      catalog: createDataCatalog(config),
      findWorkGroup: workGroupsOf(ministack),
      settings,
    })
    const athena = await timed('Athena', serveAthena(service, auth ? { gate: createGate(ministack.endpoint) } : {}))
    const addresses = { aws: ministack.endpoint, athena: athena.endpoint, trino: trino.endpoint }
    return { ...addresses, folder, environment: environmentOf(addresses), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const environmentOf = ({ aws, athena }: { aws: string; athena: string }) => ({
  AWS_ENDPOINT_URL: aws,
  AWS_ENDPOINT_URL_S3: aws,
  AWS_ENDPOINT_URL_ATHENA: athena,
  AWS_REGION: owner.region,
  AWS_DEFAULT_REGION: owner.region,
  AWS_ACCESS_KEY_ID: owner.accessKeyId,
  AWS_SECRET_ACCESS_KEY: owner.secretAccessKey,
})

/** A workgroup that CloudFormation made is MiniStack's. */
function workGroupsOf({ endpoint }: MiniStack): LookElsewhere {
  const client = new AthenaClient(ownerAt(endpoint))
  return async (name) => {
    try {
      return (await client.send(new GetWorkGroupCommand({ WorkGroup: name }))).WorkGroup
    } catch {
      return undefined
    }
  }
}
