import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { withParameters, withValuesInside } from '../src/athena/statements/parameters.ts'
import { tokensOf } from '../src/athena/statements/tokens.ts'
import { type Served, serve } from './support/served.ts'

let served: Served | undefined
afterEach(() => served?.stop())

describe('execution parameters', () => {
  it('reach the engine as literals beside the text, not in it', async () => {
    served = await serve()
    const values = ["'O''Hara; -- ?'", "DATE '2024-07-05'", '42', "''", "CAST('1.50' AS decimal(4, 2))"]
    await served.ended(await served.start("SELECT ?, ?, ?, ?, ?, 'it''s'", { ExecutionParameters: values }))
    expect(served.asked).toEqual([`EXECUTE IMMEDIATE 'SELECT ?, ?, ?, ?, ?, ''it''''s''' USING ${values.join(', ')}`])
  })

  it.each([
    ['two values in one', '1, 2'],
    ['a comment that would swallow the next', '1 -- '],
    ['a comment inside', '1 /* x */'],
    ['a quote left open', "'a"],
    ['a second statement', '1; DROP TABLE t'],
    ['a parenthesis too many', '1) + (1'],
    ['a parameter of its own', '?'],
    ['nothing but a space', ' '],
    ['nothing', ''],
    ['1025 characters', `'${'x'.repeat(1023)}'`],
  ])('refuses %s', async (_, value) => {
    served = await serve()
    await expect(served.start('SELECT ?', { ExecutionParameters: [value] })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    })
    expect(served.asked).toEqual([])
  })

  it('takes 1024 characters, and counts characters rather than bytes', async () => {
    served = await serve()
    const value = `'${'😀'.repeat(1022)}'`
    await served.ended(await served.start('SELECT ?', { ExecutionParameters: [value] }))
    expect(served.asked[0]).toContain(value)
  })

  it('never lets a string end before its own quote, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("'", '"', '`', '-', '/', '*', '?', ';', '\\', '\n', 'x', 'ü') }),
        (text) => {
          const sql = withParameters(`SELECT '${text.replaceAll("'", "''")}', ?`, ['1'])
          const strings = tokensOf(sql)?.filter(({ kind }) => kind === 'string')
          expect(strings?.map((token) => token.text)).toEqual([`SELECT '${text.replaceAll("'", "''")}', ?`])
        },
      ),
    )
  })
})

describe('values written into a text', () => {
  it('stand where a parameter stood, never inside a string or a comment, and never make one', () => {
    const text = withValuesInside("SELECT '?', -? /* ? */, ?", ['-1', "'?'"])
    expect(text).toBe("SELECT '?', - -1  /* ? */,  '?' ")
  })
})
