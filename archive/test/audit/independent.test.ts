import { spawnSync } from 'node:child_process'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entriesBetween } from '../../src/audit/find/entries.ts'
import { consistencyProof, inclusionProof } from '../../src/audit/merkle/proofs.ts'
import { subtreesOf } from '../../src/audit/merkle/tiles.ts'
import { opening, type TestLog, testLog } from './setting.ts'

const MODULE = 'golang.org/x/mod'
/** As the Go project's checksum database has it. */
const SUMS = `${MODULE} v0.42.0 h1:ICeL3t2L30ljSPHHxDnR4fqVcBt/zR2zJAb9juavmQg=
${MODULE} v0.42.0/go.mod h1:u5fzIrRInkL8MaO1cbRkUHT64v303YIT5KEqpNr7jRs=
`
const folder = await mkdtemp(join(tmpdir(), 'audit-go-'))
const env = { ...process.env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', CGO_ENABLED: '0' }

/** Built once; without Go, or without the module's source, there is nothing to judge by. */
async function build(): Promise<string | undefined> {
  await copyFile(new URL('independent.go', import.meta.url), join(folder, 'main.go'))
  await writeFile(join(folder, 'go.mod'), `module independent\n\ngo 1.24\n\nrequire ${MODULE} v0.42.0\n`)
  await writeFile(join(folder, 'go.sum'), SUMS)
  const built = spawnSync('go', ['build', '-o', 'judge', '.'], { cwd: folder, env, encoding: 'utf8', timeout: 100_000 })
  if (built.status === 0) return join(folder, 'judge')
  console.warn(`The log is not judged by Go: ${built.error?.message ?? built.stderr.trim()}`)
  return undefined
}
const judge = await build()
afterAll(() => rm(folder, { recursive: true }))

describe.skipIf(judge === undefined)("The Go project's implementation of RFC 6962 and signed notes", () => {
  let log: TestLog
  let entries: Buffer[] = []
  const sizes: number[] = []
  beforeAll(async () => {
    log = testLog()
    const writer = log.writer()
    for (const count of [1, 3, 120, 7, 30]) {
      await Promise.all(Array.from({ length: count }, () => writer.note(opening(), { outcome: 'done' })))
      sizes.push((await log.seal()).size)
    }
    const size = sizes.at(-1) ?? 0
    for await (const { bytes } of entriesBetween(log.store, 0, size, size)) entries = [...entries, bytes]
  })

  /** What Go says of what the log and its proofs say, after `change`. */
  async function judged(change: (input: Input) => void = () => {}) {
    const input = await inputOf()
    change(input)
    const base64 = (value: unknown) =>
      JSON.stringify(value, (_, one: unknown) => (isBytes(one) ? Buffer.from(one.data).toString('base64') : one))
    const { stdout, stderr } = spawnSync(judge ?? '', { input: base64(input), encoding: 'utf8' })
    return stdout + stderr
  }
  const isBytes = (value: unknown): value is { data: number[] } =>
    typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer'

  type Input = Awaited<ReturnType<typeof inputOf>>
  async function inputOf() {
    const size = sizes.at(-1) ?? 0
    const subtrees = subtreesOf(log.store, size)
    const indexes = [0, 1, 2, 100, 255, 256, 300, size - 1]
    return {
      entries: entries.map((entry) => Buffer.from(entry)),
      key: log.key,
      checkpoints: sizes.map(
        (_, place) => log.store.files.get(`audit/checkpoints/000000000${place + 1}`)?.toString() ?? '',
      ),
      proofs: await Promise.all(
        indexes.map(async (index) => ({ index, size, hashes: await inclusionProof(subtrees, index, size) })),
      ),
      extensions: await Promise.all(
        sizes.map(async (older) => ({ older, size, hashes: await consistencyProof(subtrees, older, size) })),
      ),
    }
  }

  it('accepts our checkpoints, inclusion proofs and consistency proofs', async () => {
    expect(await judged()).toBe('327 entries, 5 checkpoints, 8 proofs, 5 extensions\n')
  })

  it('refuses them once an entry, a signature or a proof is changed', async () => {
    expect(await judged(({ entries: [first] }) => first?.writeUInt8(0, 0))).toMatch(/^REFUSED: another root/)
    expect(
      await judged((input) => input.checkpoints.splice(1, 1, input.checkpoints[1]?.replace('\n', '0\n') ?? '')),
    ).toMatch(/^REFUSED/)
    expect(await judged(({ proofs }) => proofs[3]?.hashes.reverse())).toMatch(/^REFUSED/)
    expect(await judged(({ extensions }) => extensions[1]?.hashes.reverse())).toMatch(/^REFUSED/)
  })
})
