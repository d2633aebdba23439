import { OperatorError } from '@muniment/archive/errors'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { report } from '../src/report.ts'

const full = (extra: object = {}) =>
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', ...extra })

describe('what a command says when it fails', () => {
  const said: string[] = []
  beforeEach(() => {
    said.length = 0
    vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line))
  })
  afterEach(() => vi.restoreAllMocks())

  it('says that the disk is full in a sentence, without a trace', () => {
    expect(report(full({ path: '/data/archive/x.parquet' }))).toBe(2)
    expect(said).toEqual([
      'muniment: The disk is full: /data/archive/x.parquet was not written; nothing was lost. Free some space and try again.',
    ])
  })

  it('finds a full disk behind whatever wrapped it', () => {
    expect(report(new Error('the worker ended', { cause: new Error('write', { cause: full() }) }))).toBe(2)
    expect(said.join()).toContain('The disk is full: a file was not written')
  })

  it('repeats the sentence of an error of our own', () => {
    expect(report(new OperatorError('The data folder is in use.'))).toBe(2)
    expect(said).toEqual(['muniment: The data folder is in use.'])
  })

  it('owns up to a fault, with the trace for whoever mends it', () => {
    expect(report(Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' }))).toBe(1)
    expect(said[0]).toContain('this should not have happened')
    expect(said[1]).toContain('ENOENT')
  })
})
