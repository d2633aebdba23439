/** Environment variables and places, read once and in one function that fails at start. */
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OperatorError } from '@muniment/archive/errors'
import { readSignInSettings, type SignInSettings } from '@muniment/archive/identity/settings'

export const HOME_VARIABLE = 'MUNIMENT_HOME'
export const TEMPLATES_VARIABLE = 'MUNIMENT_TEMPLATES'
export const SCHEDULES_VARIABLE = 'MUNIMENT_SCHEDULES'
export const PORT_VARIABLE = 'PORT'
export const WITNESS_VARIABLE = 'MUNIMENT_WITNESS'
export const TIME_STAMPS_VARIABLE = 'MUNIMENT_TIMESTAMPS'
export const TIME_STAMP_AUTHORITY_VARIABLE = 'MUNIMENT_TIMESTAMP_AUTHORITY'
const DEFAULT_PORT = 8080

export interface Settings {
  /** The data folder. */
  home: string
  /** Folder with one folder an application: model, queries, use cases. */
  templatesRoot: string
  webRoot: string
  /** Folder with one folder an application: drafts of its retention schedules, a file a domain. */
  schedulesRoot: string
  port: number
  signIn: SignInSettings
  /** Folder that keeps each checkpoint of the log, on a machine that the operators of this one cannot write to. */
  witness?: string
  /** Address of the authority (RFC 3161) that stamps checkpoints. */
  timeStamps?: string
  /** File (PEM) of the certificates that must have issued those of its signers. */
  timeStampAuthority?: string
}

export function readSettings(options: { port?: string } = {}): Settings {
  const witness = process.env[WITNESS_VARIABLE]
  const timeStamps = process.env[TIME_STAMPS_VARIABLE]
  const timeStampAuthority = process.env[TIME_STAMP_AUTHORITY_VARIABLE]
  const checkout = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
  return {
    home: resolve(process.env[HOME_VARIABLE] || join(checkout, '.muniment')),
    templatesRoot: resolve(process.env[TEMPLATES_VARIABLE] || join(checkout, 'query-templates')),
    webRoot: join(checkout, 'web', 'dist'),
    schedulesRoot: resolve(process.env[SCHEDULES_VARIABLE] || join(checkout, 'retention', 'schedules')),
    port: readPort(options.port ?? process.env[PORT_VARIABLE]),
    signIn: readSignInSettings(),
    ...(witness && { witness: resolve(witness) }),
    ...(timeStamps && { timeStamps }),
    ...(timeStampAuthority && { timeStampAuthority: resolve(timeStampAuthority) }),
  }
}

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new OperatorError(`"${text}" is no port: give a whole number from 0 to 65535 in ${PORT_VARIABLE} or --port.`)
}

export function requireFolder(path: string, what: string): string {
  const folder = resolve(path)
  if (existsSync(folder)) return folder
  throw new OperatorError(`There is no folder ${path}: ${what}.`)
}

/** Before the server begins: a witness that cannot be told anything would be noticed too late. */
export function checkWitness(folder: string): void {
  try {
    if (!statSync(folder).isDirectory()) throw new Error('no folder')
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new OperatorError(
      `${WITNESS_VARIABLE} names ${folder}: it must be a folder that is there, and that Muniment can read and write.`,
      { cause },
    )
  }
}
