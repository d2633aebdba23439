import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { InputError, OperatorError } from '@muniment/archive/errors'

/** From the terminal, twice and without showing it, or the first line of standard input. */
export async function readPassword(fromStdin = false): Promise<string> {
  if (fromStdin || !process.stdin.isTTY) {
    const password = await firstLine()
    if (password !== '') return password
    throw new OperatorError('Standard input holds no password.')
  }
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true })
  const ask = async (question: string): Promise<string> => {
    process.stderr.write(question)
    const answer = await terminal.question('')
    process.stderr.write('\n')
    return answer
  }
  try {
    const password = await ask('Password: ')
    if (password !== (await ask('The same again: ')))
      throw new InputError('The two are not the same; nothing was changed.')
    return password
  } finally {
    terminal.close()
  }
}

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin, terminal: false })
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
  }
}
