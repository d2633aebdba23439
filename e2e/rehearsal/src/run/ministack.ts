import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Equipment } from '../install/install.ts'
import { freePorts } from './ports.ts'
import { startProgram } from './program.ts'

/** Region and keys that MiniStack takes for the account's owner, who may do everything. */
export const owner = { region: 'eu-central-1', accessKeyId: 'test', secretAccessKey: 'test' } as const

export interface MiniStack {
  /** Every AWS service but Athena, `http://127.0.0.1:<port>`. */
  readonly endpoint: string
  stop(): Promise<void>
}

/** `auth`: signatures and IAM policies are enforced. Whatever is stored is gone with the process. */
export async function startMiniStack(
  equipment: Equipment,
  folder: string,
  { auth = false, env = {} as Record<string, string> } = {},
): Promise<MiniStack> {
  const [port] = await freePorts(1)
  const endpoint = `http://127.0.0.1:${port}`
  const own = join(folder, 'ministack')
  // Each function unpacks its code into the folder for temporary files, and nobody removes it there.
  const temporary = join(own, 'tmp')
  mkdirSync(temporary, { recursive: true })

  const program = await startProgram({
    name: 'MiniStack',
    command: join(dirname(equipment.ministack), 'python'),
    args: [join(import.meta.dirname, 'ministack-gate.py')],
    cwd: own,
    log: join(folder, 'ministack.log'),
    env: {
      ...withoutAws(process.env),
      PATH: `${dirname(equipment.ministack)}:${process.env.PATH ?? ''}`,
      TMPDIR: temporary,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      LAMBDA_EXECUTOR: 'local',
      MINISTACK_REGION: owner.region,
      AUTH: String(auth),
      STATE_DIR: join(own, 'state'),
      S3_DATA_DIR: join(own, 's3'),
      ATHENA_DATA_DIR: join(own, 's3'),
      ...env,
    },
    ready: async () => (await fetch(`${endpoint}/_ministack/ready`)).ok,
    readyWithinMs: 60_000,
  })
  return { endpoint, stop: program.stop }
}

/** The caller's own AWS settings must not reach a stand-in, nor point it at itself. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_')))
}
