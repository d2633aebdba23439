import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFileToken, writeFileToken } from '../../src/exports/file-address.ts'

const secret = randomBytes(32)
const now = new Date('2026-03-01T12:00:00Z')
const address = {
  export: '0190_ab12',
  key: 'exports/0190_ab12/file/loans.csv',
  fileName: 'loans.csv',
  contentType: 'text/csv',
  person: 'mira.kovacs',
  use: '0f',
  until: now.getTime() + 1_000,
}
const read = (token: string, person?: string) => readFileToken(secret, token, person, now)

describe('the address of a file', () => {
  it('gives back what it opens, for whom, and of which export', () => {
    const token = writeFileToken(secret, address)
    expect(read(token, 'mira.kovacs')).toEqual(address)
    expect(read(token)).toEqual(address)
    expect(() => read(token, 'somebody.else')).toThrow('not')
  })

  it('tells nobody who the person is, nor what the file is called', () => {
    const token = writeFileToken(secret, address)
    const shown = Buffer.from(token, 'base64url').toString('latin1')
    for (const word of ['mira', 'kovacs', 'loans', '0190', '{', 'person']) {
      if (word.length > 1) expect(shown).not.toContain(word)
      expect(token).not.toContain(Buffer.from(word.repeat(3)).toString('base64url'))
    }
  })

  it('differs each time it is made, so that two of one file cannot be told to be of one', () => {
    expect(writeFileToken(secret, address)).not.toBe(writeFileToken(secret, address))
  })

  it('opens nothing with any one character changed, added or left out', () => {
    const token = writeFileToken(secret, address)
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...letters, '', '=', '.', ' '), (at, letter) => {
        const forged = token.slice(0, at) + letter + token.slice(at + 1)
        fc.pre(forged !== token)
        expect(() => read(forged)).toThrow('not')
      }),
    )
    for (const forged of ['', 'abc', `${token}A`, `${token}=`, `${token}.${token}`]) {
      expect(() => read(forged)).toThrow('not')
    }
  })

  it('opens nothing under another secret', () => {
    const token = writeFileToken(randomBytes(32), address)
    expect(() => read(token)).toThrow('not')
  })
})
