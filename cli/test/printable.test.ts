import { describe, expect, it } from 'vitest'
import { printable, printableLines } from '../src/printable.ts'
import { describe as describeFinding } from '../src/report.ts'

describe('what a hostile delivery is named', () => {
  it.each([
    ['an escape sequence that clears the screen', '\u001b[2Jall fine', ' [2Jall fine'],
    ['an eight-bit control sequence', 'a\u009b31mb', 'a 31mb'],
    ['a line of its own', 'x.csv\r\nmuniment: accepted', 'x.csv muniment: accepted'],
    ['a name that reads backwards', 'x\u202evsc.exe\u2066', 'x vsc.exe '],
    ['a separator of paragraphs', 'a\u2029b\u2028c', 'a b c'],
  ])('does not steer a terminal: %s', (_, hostile, shown) => {
    expect(printable(hostile)).toBe(shown)
    expect(describeFinding({ file: hostile, line: 1, message: hostile })).toBe(`${shown}:1: ${shown}`)
  })

  it('keeps what people write, in any script', () => {
    const text = 'Łukasz Öz, 李小龍, محمد, “–” 👩‍💻'
    expect(printable(text)).toBe(text)
  })

  it('keeps lines where lines are meant', () => {
    expect(printableLines('one\n  two\u001b[0m\rthree')).toBe('one\n  two [0m three')
  })
})
