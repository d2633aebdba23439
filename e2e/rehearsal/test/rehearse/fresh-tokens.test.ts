import { expect, it } from 'vitest'
import { freshTokens } from '../../src/rehearse/fresh-tokens.ts'

const minute = 60_000

function counted(fails: readonly number[] = []) {
  let now = 0
  const asked: string[] = []
  const token = freshTokens(
    async (person) => {
      asked.push(person)
      if (fails.includes(asked.length)) throw new Error('not now')
      return `${person} ${asked.length}`
    },
    () => now,
  )
  return { asked, token, wait: (ms: number) => (now += ms) }
}

it("a person's token is asked for once while it is young, and again before it ends", async () => {
  const { token, asked, wait } = counted()
  expect(await Promise.all([token('ada'), token('ada'), token('bob')])).toEqual(['ada 1', 'ada 1', 'bob 2'])
  wait(4 * minute - 1)
  expect(await token('ada')).toBe('ada 1')
  wait(1)
  expect(await token('ada')).toBe('ada 3')
  expect(asked).toEqual(['ada', 'bob', 'ada'])
})

it('a token that was refused is asked for again at once', async () => {
  const { token } = counted([1])
  await expect(token('ada')).rejects.toThrow('not now')
  expect(await token('ada')).toBe('ada 2')
})
