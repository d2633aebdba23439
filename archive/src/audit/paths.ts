/** Keys of the log, all below `audit/`. */

export const AUDIT = 'audit/'
export const CHECKPOINT = 'audit/checkpoint'
export const SEALS = 'audit/seals/'
export const CHECKPOINTS = 'audit/checkpoints/'
export const STREAMS = 'audit/streams/'
export const TILES = 'audit/tile/'

const DIGITS = 10
const padded = (number: number) => String(number).padStart(DIGITS, '0')

export const sealKey = (number: number) => `${SEALS}${padded(number)}.json`
export const checkpointKey = (number: number) => `${CHECKPOINTS}${padded(number)}`
/** Time stamp (RFC 3161, a TimeStampResp) of the checkpoint beside it. */
export const timeStampKey = (number: number) => `${checkpointKey(number)}.tsr`
export const objectKey = (stream: string, sequence: number) => `${AUDIT}${stream}/${padded(sequence)}.json`
/** Names the stream and the process that writes it; its hash is the predecessor of the stream's first object. */
export const registrationKey = (stream: string) => `${STREAMS}${dayOfStream(stream)}/${stream}.json`

/** `20261105-<UUIDv7>`: the day (UTC) on which it begins, so that a sealer need not look at the streams of all time. */
export const streamPattern = /^\d{8}-[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
export const streamName = (at: Date, id: string) => `${at.toISOString().slice(0, 10).replaceAll('-', '')}-${id}`
export const dayOfStream = (stream: string) => `${stream.slice(0, 4)}-${stream.slice(4, 6)}-${stream.slice(6, 8)}`

export type AuditFile =
  | { kind: 'checkpoint' }
  | { kind: 'registration'; stream: string }
  | { kind: 'object'; stream: string; sequence: number }
  | { kind: 'seal'; number: number }
  | { kind: 'sealed-checkpoint'; number: number }
  | { kind: 'time-stamp'; number: number }
  | { kind: 'tile'; level: number | 'entries'; index: number; width: number }

const numbered = (text: string) => (new RegExp(`^\\d{${DIGITS}}$`).test(text) ? Number(text) : Number.NaN)

/** What a key below `audit/` is; undefined where the log has no such file. */
export function auditFile(key: string): AuditFile | undefined {
  const file = fileOf(key)
  return file && keyOf(file) === key ? file : undefined
}

function fileOf(key: string): AuditFile | undefined {
  if (key === CHECKPOINT) return { kind: 'checkpoint' }
  const [, folder = '', ...rest] = key.split('/')
  const [first = '', second = ''] = rest
  if (folder === 'seals') return { kind: 'seal', number: numbered(first.replace(/\.json$/, '')) }
  if (folder === 'checkpoints' && first.endsWith('.tsr'))
    return { kind: 'time-stamp', number: numbered(first.slice(0, -'.tsr'.length)) }
  if (folder === 'checkpoints') return { kind: 'sealed-checkpoint', number: numbered(first) }
  if (folder === 'streams') return { kind: 'registration', stream: second.replace(/\.json$/, '') }
  if (folder === 'tile') return tileOf(first, rest.slice(1))
  if (streamPattern.test(folder))
    return { kind: 'object', stream: folder, sequence: numbered(first.replace(/\.json$/, '')) }
  return undefined
}

function tileOf(level: string, parts: string[]): AuditFile | undefined {
  const name = parts.join('/')
  const [, path = '', width = '256'] = /^((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(name) ?? []
  if (path === '') return undefined
  const index = Number(path.replaceAll(/[x/]/g, ''))
  return { kind: 'tile', level: level === 'entries' ? 'entries' : Number(level), index, width: Number(width) }
}

function keyOf(file: AuditFile): string {
  if (file.kind === 'checkpoint') return CHECKPOINT
  if (file.kind === 'registration') return registrationKey(file.stream)
  if (file.kind === 'object') return objectKey(file.stream, file.sequence)
  if (file.kind === 'seal') return sealKey(file.number)
  if (file.kind === 'sealed-checkpoint') return checkpointKey(file.number)
  if (file.kind === 'time-stamp') return timeStampKey(file.number)
  return tileKey(file.level, file.index, file.width)
}

/** As C2SP's tlog-tiles has it; a width of 256 is a full tile. */
export function tileKey(level: number | 'entries', index: number, width: number): string {
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? []
  const path = groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join('/')
  return `${TILES}${level}/${path}${width < 256 ? `.p/${width}` : ''}`
}
