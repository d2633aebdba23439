import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OperatorError } from '../src/errors.ts'
import { socketFile, socketOf } from '../src/home/control.ts'
import { openHome, serveControl } from '../src/home.ts'
import { etagOf } from '../src/store/etags.ts'

const source = (file: string) => JSON.stringify(join(import.meta.dirname, '../src', file))

let root = ''
let children: ChildProcess[] = []
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'home-')))
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  await rm(root, { recursive: true })
})

interface Other {
  pid: number
  /** Resolves with the next line it prints. */
  line(): Promise<string>
  send(text: string): void
  kill(): Promise<void>
  ended: Promise<void>
}

/** Another process that runs `body` with `home` open in `mode`; `say(text)` prints, `hear()` waits for a line from here. */
async function another(path: string, mode: string, body: string): Promise<Other> {
  const script = join(root, `other-${children.length}.mts`)
  await writeFile(
    script,
    `import { createInterface } from 'node:readline/promises'
    import { openHome, serveControl } from ${source('home.ts')}
    const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
    const hear = async () => (await lines.next()).value
    const say = (text: unknown) => console.log(String(text))
    try {
      const home = await openHome(${JSON.stringify(path)}, { mode: ${JSON.stringify(mode)}, patience: 1500 })
      ${body}
      await home.close()
    } catch (error) { say(error.name + ': ' + error.message) }
    process.exit(0)`,
  )
  const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  let text = ''
  const waiting: ((line: string) => void)[] = []
  const ready: string[] = []
  child.stdout.on('data', (chunk) => {
    text += chunk
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) {
      const taker = waiting.shift()
      if (taker) taker(line)
      else ready.push(line)
    }
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    pid: child.pid ?? 0,
    ended,
    line: () => {
      const line = ready.shift()
      return line === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(line)
    },
    send: (line) => child.stdin.write(`${line}\n`),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

describe('opening a data folder', () => {
  it('makes it for its user only, with everything it needs', async () => {
    const path = join(root, 'deep', 'data')
    const home = await openHome(path, { mode: 'owner' })
    expect(home).toMatchObject({ path, work: join(path, '.work') })
    expect((await stat(path)).mode & 0o777).toBe(0o700)
    expect(JSON.parse(await readFile(join(path, '.work', 'home.json'), 'utf8'))).toEqual({ format: 1 })
    expect((await readdir(join(path, '.work'))).sort()).toEqual(['home.json', 'owner.duckdb', 'staging', 'tmp'])
    expect(await readdir(join(path, '.work', 'tmp'))).toEqual([])
    await home.close()
    const again = await openHome(path, { mode: 'owner' })
    expect(again.isOwner()).toBe(true)
    await again.close()
  })

  it('takes a bucket that was copied back, without .work', async () => {
    await mkdir(join(root, 'data', 'archive', 'tiny'), { recursive: true })
    const home = await openHome(join(root, 'data'))
    expect(home.isOwner()).toBe(true)
    await home.close()
  })

  it('finishes one whose making was interrupted', async () => {
    await mkdir(join(root, 'data', '.work', 'tmp'), { recursive: true })
    const home = await openHome(join(root, 'data'))
    expect(await home.store.create('catalog/tiny.json', '{}')).toMatchObject({ size: 2 })
    await home.close()
  })

  it.each(['data [1]', 'data*', 'year=2024/data'])(
    'refuses a path in which DuckDB would read a pattern: %s',
    async (name) => {
      await expect(openHome(join(root, name))).rejects.toThrow(/holds one of the characters/)
      expect(await readdir(root)).toEqual([])
    },
  )

  const refused: [string, (path: string) => Promise<unknown>, RegExp][] = [
    ['is a file', (path) => writeFile(path, 'x'), /is a file\. Set MUNIMENT_HOME to a folder/],
    [
      'holds something else',
      async (path) => {
        await mkdir(path)
        await writeFile(join(path, 'thesis.docx'), 'x')
      },
      /holds other files \(thesis\.docx\)/,
    ],
    [
      'was made by a newer version',
      async (path) => {
        await mkdir(join(path, '.work'), { recursive: true })
        await writeFile(join(path, '.work', 'home.json'), '{"format": 2}')
      },
      /newer version of Muniment \(format 2; this one knows 1\)/,
    ],
    [
      'was half made',
      async (path) => {
        await mkdir(join(path, '.work'), { recursive: true })
        await writeFile(join(path, '.work', 'home.json'), '')
      },
      /only half made.*Remove the folder \.work/,
    ],
    [
      'has a file where .work should be',
      async (path) => {
        await mkdir(path)
        await writeFile(join(path, '.work'), 'x')
      },
      /damaged|is a file/,
    ],
    [
      'has a file where a folder should be',
      async (path) => {
        await mkdir(path)
        await writeFile(join(path, 'archive'), 'x')
      },
      /archive is a file, not a folder/,
    ],
    [
      'has a damaged lock file',
      async (path) => {
        await mkdir(join(path, '.work'), { recursive: true })
        await writeFile(join(path, '.work', 'owner.duckdb'), 'no database')
      },
      /owner\.duckdb cannot be opened\. It holds no records/,
    ],
  ]
  it.each(refused)('refuses one that %s, in a sentence', async (_title, make, sentence) => {
    const path = join(root, 'data')
    await make(path)
    const outcome = await openHome(path).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(outcome).toBeInstanceOf(OperatorError)
    expect((outcome as Error).message).toMatch(sentence)
    expect((outcome as Error).message).toContain(path)
  })

  it.skipIf(process.getuid?.() === 0)('refuses one that it may not write to', async () => {
    await mkdir(join(root, 'data'))
    await chmod(join(root, 'data'), 0o500)
    await expect(openHome(join(root, 'data'))).rejects.toThrow(/No permission/)
  })

  it('says that the disk is full, and opens as soon as it is not', async (test) => {
    const mount = join(root, 'small')
    await mkdir(mount)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', mount], { stdio: 'ignore' })
    } catch {
      return test.skip('no file system can be mounted here')
    }
    try {
      for (const left of [0, 4, 8]) {
        await writeFile(join(mount, 'full'), Buffer.alloc((256 - left) * 1024)).catch(() => {})
        await expect(openHome(join(mount, 'data'))).rejects.toThrow(/^The disk is full: .*nothing was lost/)
        await rm(join(mount, 'full'))
        const home = await openHome(join(mount, 'data'))
        expect(home.isOwner()).toBe(true)
        await home.close()
        await rm(join(mount, 'data'), { recursive: true })
      }
    } finally {
      execFileSync('umount', [mount])
    }
  })

  it('sweeps away what dead processes left, and nothing else', async () => {
    const path = join(root, 'data')
    await (await openHome(path)).close()
    const temporary = join(path, '.work', 'tmp')
    const old = new Date(Date.now() - 7_200_000)
    const uuid = '-00000000-0000-4000-8000-000000000000'
    for (const name of [`999999999${uuid}`, `${process.pid}${uuid}`, 'other']) {
      await writeFile(join(temporary, name), 'x')
      await utimes(join(temporary, name), old, old)
    }
    await writeFile(join(temporary, `999999998${uuid}`), 'young')
    await (await openHome(path)).close()
    expect((await readdir(temporary)).sort()).toEqual([`${process.pid}${uuid}`, `999999998${uuid}`, 'other'].sort())
  })
})

describe('the owner of a data folder', () => {
  it('is one process, named to others, until it dies', async () => {
    const path = join(root, 'data')
    const other = await another(path, 'owner', 'say("open"); await hear()')
    expect(await other.line()).toBe('open')
    await expect(openHome(path, { mode: 'owner' })).rejects.toThrow(new RegExp(`in use by process ${other.pid} \\(`))
    const home = await openHome(path)
    expect(home.isOwner()).toBe(false)
    await home.close()
    await other.kill()
    const owner = await openHome(path, { mode: 'owner' })
    expect(owner.isOwner()).toBe(true)
    await owner.close()
  })

  it('is one when many processes make and open a new folder at once', async () => {
    const path = join(root, 'data')
    const others = await Promise.all(
      Array.from({ length: 4 }, () => another(path, 'auto', 'say(home.isOwner()); await hear()')),
    )
    const answers = await Promise.all(others.map((other) => other.line()))
    expect(answers.sort()).toEqual(['false', 'false', 'false', 'true'])
  })

  it('keeps the folder while any part of its process has it open', async () => {
    const path = join(root, 'data')
    const first = await openHome(path, { mode: 'owner' })
    const second = await openHome(path, { mode: 'owner' })
    await first.close()
    await first.close()
    const other = await another(path, 'auto', 'say(home.isOwner())')
    expect(await other.line()).toBe('false')
    const { etag } = await second.store.create('x', '1')
    expect(await second.store.replace('x', '2', etag)).toMatchObject({ size: 1 })
    await second.close()
  })
})

describe('a client of a data folder', () => {
  const change = `
    const { etag } = await home.store.create('catalog/tiny.json', 'one')
    const made = await home.store.replace('catalog/tiny.json', 'two', etag)
    say(made.etag)
    await home.store.replace('catalog/tiny.json', 'three', etag).catch((error) => say(error.name))
    await home.announce('catalog/other.json')
    await home.store.remove('catalog/tiny.json', etag).catch((error) => say(error.name))
    await home.store.remove('catalog/tiny.json', made.etag)
    await home.store.replace('../out', 'x', etag).catch((error) => say(error.name))
    say(home.isOwner())`
  const said = [etagOf('two'), 'ConflictError', 'ConflictError', 'InputError', 'false']

  it.each([
    ['beside it', 'data'],
    ['elsewhere when the path is too long for a socket', `${'long-'.repeat(30)}/data`],
  ])('changes objects through a running server, whose socket is %s', async (_title, folder) => {
    const path = join(root, folder)
    const home = await openHome(path, { mode: 'owner' })
    const changed: string[] = []
    const control = await serveControl(home, (key) => changed.push(key))
    const socket = (await socketOf(home.work)) ?? ''
    expect((await stat(socket)).mode & 0o777).toBe(0o600)
    const other = await another(path, 'client', change)
    const lines: string[] = []
    while (lines.length < said.length) lines.push(await other.line())
    expect(lines).toEqual(said)
    await other.ended
    expect(changed).toEqual(['catalog/tiny.json', 'catalog/other.json', 'catalog/tiny.json'])
    await control.close()
    await home.close()
    await expect(stat(socket)).rejects.toThrow('ENOENT')
  })

  it('has the server move a finished file in the place of an object', async () => {
    const path = join(root, 'data')
    const home = await openHome(path, { mode: 'owner' })
    const changed: string[] = []
    const control = await serveControl(home, (key) => changed.push(key))
    const file = join(root, 'finished')
    await writeFile(file, 'from a file')
    const { etag } = await home.store.create('archive/x', 'one')
    const replace = `home.store.replaceFromFile('archive/x', ${JSON.stringify(file)}, ${JSON.stringify(etag)})`
    const other = await another(
      path,
      'client',
      `say((await ${replace}).etag)
      await import('node:fs').then(({ writeFileSync }) => writeFileSync(${JSON.stringify(file)}, 'again'))
      await ${replace}.catch((error) => say(error.name))`,
    )
    expect([await other.line(), await other.line()]).toEqual([etagOf('from a file'), 'ConflictError'])
    expect((await home.store.get('archive/x'))?.body.toString()).toBe('from a file')
    expect(changed).toEqual(['archive/x'])
    expect(await readFile(file, 'utf8')).toBe('again')
    await other.ended
    await control.close()
    await home.close()
  })

  it('takes a large object through the server unharmed', async () => {
    const path = join(root, 'data')
    const home = await openHome(path, { mode: 'owner' })
    const control = await serveControl(home)
    await home.store.create('x', 'small')
    const other = await another(
      path,
      'client',
      `const body = Buffer.alloc(20_000_000, 'é\\n')
      say((await home.store.replace('x', body, ${JSON.stringify(etagOf('small'))})).etag)`,
    )
    expect(await other.line()).toBe(etagOf(Buffer.alloc(20_000_000, 'é\n')))
    await control.close()
    await home.close()
  })

  it('is told by whom the folder is held when the owner takes no requests', async () => {
    const path = join(root, 'data')
    const home = await openHome(path, { mode: 'owner' })
    await home.store.create('x', '1')
    const other = await another(path, 'client', `await home.store.replace('x', '2', ${JSON.stringify(etagOf('1'))})`)
    expect(await other.line()).toMatch(
      new RegExp(`OperatorError: .*in use by process ${process.pid} .*takes no requests`),
    )
    await home.close()
  })

  it('becomes the owner when the server was killed, in spite of the socket it left', async () => {
    const path = join(root, 'data')
    const server = await another(path, 'owner', 'await serveControl(home); say("open"); await hear()')
    expect(await server.line()).toBe('open')
    const home = await openHome(path)
    const { etag } = await home.store.create('x', '1')
    await server.kill()
    await stat(socketFile(home.work))
    expect(await home.store.replace('x', '2', etag)).toMatchObject({ etag: etagOf('2') })
    expect(home.isOwner()).toBe(true)
    const control = await serveControl(home)
    await control.close()
    await home.close()
  })
})
