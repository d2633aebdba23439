import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createFileSecrets } from '../../src/audit/keys/file-secrets.ts'
import { beginRotation, openFileSigner, verifierLinesIn } from '../../src/audit/keys/file-signer.ts'
import { readNote, readVerifierLine, signersOf, signNote, verifierLine } from '../../src/audit/keys/note.ts'
import { rotateKey } from '../../src/audit/keys/rotation.ts'
import { checkpointKey } from '../../src/audit/paths.ts'
import { readCheckpoint } from '../../src/audit/seal/checkpoint.ts'
import { seal } from '../../src/audit/seal/seal.ts'
import { verify } from '../../src/audit/verify/verify.ts'
import { newSigner, opening, streamKey, testLog } from './setting.ts'

async function folderOf() {
  const home = await mkdtemp(join(tmpdir(), 'audit-keys-'))
  onTestFinished(() => rm(home, { recursive: true }))
  return join(home, 'secrets', 'audit')
}
const operator = { id: 'op', roles: ['operator' as const], groups: [], rules: 1 }

describe('Keys of commitments and tokens', () => {
  it('are made once, for this user alone, and the same for everybody who asks', async () => {
    const folder = await folderOf()
    const [one, two] = [createFileSecrets(folder), createFileSecrets(folder)]
    const keys = await Promise.all(Array.from({ length: 20 }, (_, place) => (place % 2 ? one : two).key('2026-11-05')))
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1)
    expect(keys[0]).toHaveLength(32)
    expect(await one.key('2026-11')).not.toEqual(keys[0])
    expect(await readdir(folder)).toEqual(['2026-11-05.key', '2026-11.key'])
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect((await stat(join(folder, '2026-11.key'))).mode & 0o777).toBe(0o600)
  })

  it('are the same for processes that start at once', async () => {
    const folder = await folderOf()
    const script = `import { createFileSecrets } from './archive/src/audit/keys/file-secrets.ts'
      import { openFileSigner } from './archive/src/audit/keys/file-signer.ts'
      const folder = process.argv.at(-1)
      const key = await createFileSecrets(folder).key('2026-11-05')
      console.log(key.toString('hex'), (await openFileSigner(folder)).publicKey.toString('hex'))`
    const file = join(folder, '..', 'start.mts')
    await createFileSecrets(folder).find('2026-11-05')
    await openFileSigner(join(folder, '..', 'other'))
    await writeFile(file, script.replaceAll("'./archive", `'${process.cwd()}/archive`))
    const said = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const child = spawn(process.execPath, ['--import', 'tsx', file, folder], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        let out = ''
        for await (const chunk of child.stdout) out += String(chunk)
        return out
      }),
    )
    expect(said[0]).toMatch(/^[0-9a-f]{64} [0-9a-f]{64}\n$/)
    expect(new Set(said).size).toBe(1)
  }, 60_000)

  it('are forgotten by days and months that have ended, and not made again by looking', async () => {
    const folder = await folderOf()
    const secrets = createFileSecrets(folder, () => new Date('2026-11-05T12:00:00Z'))
    for (const period of ['2026-09', '2026-10', '2026-10-30', '2026-10-31', '2026-11-04', '2026-11-05', '2026-11'])
      await secrets.key(period)
    expect(await secrets.forget('2026-10-31')).toEqual(['2026-09', '2026-10-30'])
    expect(await secrets.forget('2026-11-05')).toEqual(['2026-10', '2026-10-31', '2026-11-04'])
    expect(await secrets.find('2026-10')).toBeUndefined()
    expect(await secrets.find('2026-11-05')).toHaveLength(32)
    await expect(secrets.forget('2026-11-06')).rejects.toThrow(/still to come/)
    await expect(secrets.forget('yesterday')).rejects.toThrow(/2026-11-05/)
    expect(await readdir(folder)).toEqual(['2026-11-05.key', '2026-11.key'])
  })

  it('are refused where others can read them, and where the file is no key', async () => {
    const folder = await folderOf()
    const secrets = createFileSecrets(folder)
    await secrets.key('2026-11')
    const file = join(folder, '2026-11.key')
    await chmod(file, 0o644)
    await expect(secrets.key('2026-11')).rejects.toThrow(/can be opened by others/)
    await chmod(file, 0o600)
    await writeFile(file, 'short')
    await expect(secrets.find('2026-11')).rejects.toThrow(/no key/)
    await chmod(folder, 0o755)
    await expect(secrets.key('2026-12')).rejects.toThrow(/chmod go-rwx/)
  })
})

describe('Signed notes', () => {
  it('are read and verified as the specification has it', () => {
    // The example of the Go implementation, which C2SP's specification is based on.
    const key = readVerifierLine('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')
    const note = readNote(
      'If you think cryptography is the answer to your problem,\n' +
        "then you don't know what your problem is.\n\n" +
        '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
    )
    if (!key || !note) throw new Error('the example was not read')
    expect(signersOf(note, [key])).toEqual([key])
    expect(signersOf({ ...note, text: note.text.replace('answer', 'Answer') }, [key])).toBeUndefined()
  })

  it('are spoiled by any change of the text, and say nothing to who knows another key', async () => {
    const [signer, other] = [newSigner(), newSigner()]
    const [key, foreign] = [signer, other].map((one) => readVerifierLine(verifierLine(one)))
    if (!key || !foreign) throw new Error('the keys were not read')
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }), async (line) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: a note holds none
        const text = `${line.replace(/[\u0000-\u001f\ud800-\udfff]/g, '-')}\n`
        const note = readNote(await signNote(text, signer))
        expect(note?.text).toBe(text)
        expect(note && signersOf(note, [key, foreign])).toEqual([key])
        expect(note && signersOf(note, [foreign])).toEqual([])
        expect(note && signersOf({ ...note, text: `x${note.text}` }, [key])).toBeUndefined()
      }),
    )
  })

  it.each([
    '',
    'text\n',
    'text\n\n',
    'text\n\n— name\n',
    'text\n\n— name AAAA\n',
    'text\n\n- name AAAAAAAA\n',
    'te\txt\n\n— n AAAAAAAA\n',
    'text\n\n— n AAAAAAAB=\n',
  ])('%j is none', (text) => expect(readNote(text)).toBeUndefined())

  it('of a checkpoint with a size that is no plain number is no checkpoint', async () => {
    const root = Buffer.alloc(32).toString('base64')
    for (const size of ['01', '-1', '1e3', ' 1', '9999999999999999'])
      expect(readCheckpoint(await signNote(`o\n${size}\n${root}\n`, newSigner()))).toBeUndefined()
    expect(readCheckpoint(await signNote(`o\n10\n${root}\n`, newSigner()))).toMatchObject({ origin: 'o', size: 10 })
  })
})

describe('The signing key', () => {
  it('is made once for this user alone, and read again', async () => {
    const folder = await folderOf()
    const signers = await Promise.all([openFileSigner(folder), openFileSigner(folder), openFileSigner(folder)])
    expect(new Set(signers.map(verifierLine)).size).toBe(1)
    expect((await stat(join(folder, 'signing-0001.json'))).mode & 0o777).toBe(0o600)
    const again = await openFileSigner(folder)
    expect(await readFile(join(folder, 'signing-0001.json'), 'utf8')).toContain('BEGIN PRIVATE KEY')
    expect(verifierLine(again)).toMatch(/^muniment\/[0-9a-f]{16}\+[0-9a-f]{8}\+A/)
    await writeFile(join(folder, 'signing-0001.json'), '{}')
    await expect(openFileSigner(folder)).rejects.toThrow(/no signing key/)
  })

  it('is replaced by one that the old one names in the log: each of the two leads to the whole log', async () => {
    const folder = await folderOf()
    const { store, writer, clock } = testLog()
    const log = writer()
    const sealNow = async () => seal({ store, signer: await openFileSigner(folder), clock, streamKey })
    await log.note(opening(), { outcome: 'done' })
    await sealNow()
    await rotateKey(log, folder, operator)
    await sealNow()
    await rotateKey(log, folder, operator)
    await sealNow()
    const lines = await verifierLinesIn(folder)
    expect(new Set(lines).size).toBe(3)
    for (const line of lines)
      for (const number of [1, 2, 3]) {
        const older = [store.files.get(checkpointKey(number))?.toString() ?? '']
        const report = await verify({ store, publicKeys: [line], older })
        expect({ wrong: report.wrong, key: report.covered.key, counts: report.counts }).toEqual({
          wrong: undefined,
          key: lines[2],
          counts: {},
        })
      }
  })

  it('that signs on after it was replaced is told of, and a rotation that was stopped goes on with the same key', async () => {
    const folder = await folderOf()
    const { store, writer, clock } = testLog()
    const log = writer()
    const old = await openFileSigner(folder)
    const { next } = await beginRotation(folder)
    await rotateKey(log, folder, operator)
    expect(verifierLine(await openFileSigner(folder))).toBe(verifierLine(next))
    await log.note(opening(), { outcome: 'done' })
    await seal({ store, signer: old, clock, streamKey })
    const report = await verify({ store, publicKeys: [verifierLine(old)] })
    expect(report).toMatchObject({ ok: true, counts: { 'replaced-key': 1 } })
  })

  it('is not replaced by an entry that the old one did not sign', async () => {
    const log = testLog()
    const thief = newSigner()
    const subject = { by: log.key, key: verifierLine(thief), signature: Buffer.alloc(64).toString('base64') }
    await log.writer().note(opening({ action: 'key-rotation', subject }), { outcome: 'done' })
    await seal({ store: log.store, signer: thief, clock: log.clock, streamKey })
    expect((await log.verify()).wrong?.message).toMatch(/not signed by one of the keys/)
  })
})
