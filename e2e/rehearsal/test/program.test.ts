import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startProgram } from '../src/run/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'program-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const lives = (pid: number) => {
  try {
    // A process that ended and was not waited for is gone for our purpose.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

const shell = (name: string, script: string, ready: () => Promise<boolean>) =>
  startProgram({
    name,
    command: '/bin/sh',
    args: ['-c', script],
    cwd: folder,
    env: process.env,
    log: join(folder, `${name}.log`),
    ready,
    readyWithinMs: 5000,
    graceMs: 200,
  })

describe('a program that was started', () => {
  it('is gone after stop with all that it started, even what ignores being asked', async () => {
    const log = join(folder, 'stubborn.log')
    const program = await shell('stubborn', 'trap "" TERM; sleep 60 & echo $!; wait; sleep 60', async () =>
      readFileSync(log, 'utf8').includes('\n'),
    )
    const child = Number(readFileSync(log, 'utf8'))
    expect([lives(program.pid), lives(child)]).toEqual([true, true])
    await program.stop()
    await expect.poll(() => [lives(program.pid), lives(child)]).toEqual([false, false])
  })

  it('that ends before it is ready says what its log says', async () => {
    await expect(shell('broken', 'echo no heap >&2; exit 3', async () => false)).rejects.toThrow(
      /broken ended.*no heap/s,
    )
  })

  it('that is not there says so', async () => {
    const missing = startProgram({
      name: 'missing',
      command: join(folder, 'nothing'),
      args: [],
      cwd: folder,
      env: process.env,
      log: join(folder, 'missing.log'),
      ready: async () => false,
      readyWithinMs: 5000,
    })
    await expect(missing).rejects.toThrow('ENOENT')
  })
})
