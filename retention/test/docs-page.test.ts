import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { loadApplication } from '@muniment/archive/model/load'
import { describe, expect, it } from 'vitest'
import { checkSchedules } from '../src/schedule/check-schedules.ts'
import { DomainSchedules } from '../src/schedule/types.ts'
import { scheduleSentence } from '../src/words/schedule-words.ts'

const page = (name: string) => readFile(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), 'utf8')
const model = await loadApplication(fileURLToPath(new URL('../../query-templates', import.meta.url)), 'pas')
const retention = await page('retention.md')
const commandLine = await readFile(fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url)), 'utf8')

function example(): unknown {
  const [, json] = /```json\n([\s\S]*?)\n```/.exec(retention) ?? []
  if (json === undefined) throw new Error('docs/retention.md has no example')
  return JSON.parse(json)
}

describe('the page about retention', () => {
  it('shows schedules that fit the model', () => {
    expect(checkSchedules(DomainSchedules.parse(example()), model)).toEqual([])
  })

  it('shows schedules of which nothing can be left out unnoticed', () => {
    const schedules = DomainSchedules.parse(example())
    const [first] = schedules.classes
    if (!first) throw new Error('no class')
    for (const left of first.with) {
      const without = { ...first, with: first.with.filter((one) => one !== left) }
      expect(checkSchedules({ ...schedules, classes: [without] }, model), left.table).not.toEqual([])
    }
  })

  it('shows a schedule that reads as the page says', () => {
    const [schedule] = DomainSchedules.parse(example()).classes.flatMap(({ schedules }) => schedules)
    expect(schedule && scheduleSentence(schedule, model)).toBe(
      'Kept at least 10 years, then destroyed. The time runs from the end of the calendar year in which this falls: the end of the policy.',
    )
  })
})

describe('the commands of the pages about retention, holds and fsck', () => {
  it.each(['retention.md', 'holds.md', 'fsck.md'])('%s names only options that there are', async (name) => {
    const lines = (await page(name)).match(/^npx muniment .*$/gm) ?? []
    expect(lines.length).toBeGreaterThan(0)
    for (const option of lines.join(' ').match(/--[a-z-]+/g) ?? []) expect(commandLine, option).toContain(option)
  })
})
