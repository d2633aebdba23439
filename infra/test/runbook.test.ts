import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { synthesiseDemo, text } from './support/synthesised.ts'

const { ofType } = await synthesiseDemo()
const alarms = ofType('AWS::CloudWatch::Alarm').map(({ id, Properties }) => {
  const description = text(Properties.AlarmDescription)
  return { id, name: /docs\/runbook\.md, "([a-z-]+)"\.$/.exec(description)?.[1], actions: Properties.AlarmActions }
})
const page = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8')
const sections = page
  .split(/^### /m)
  .slice(1)
  .map((part) => ({ name: part.split('\n', 1)[0] ?? '', body: part.split(/^## /m)[0] ?? '' }))

describe('docs/runbook.md', () => {
  it('is where every alarm sends its reader, by name', () => {
    expect(alarms.length).toBeGreaterThan(15)
    expect(alarms.filter(({ name }) => name === undefined)).toEqual([])
  })

  it('has a section for each alarm, and none for an alarm that is not there', () => {
    expect(sections.map(({ name }) => name).sort()).toEqual([...new Set(alarms.map(({ name }) => name))].sort())
  })

  it.each(sections)('says what $name means, what to look at and what to do', ({ body }) => {
    const parts = [...body.matchAll(/^\*\*(\w+)\.\*\* (.+)$/gm)]
    expect(parts.map(([, title]) => title)).toEqual(['Means', 'Look', 'Do'])
    for (const [, , says = ''] of parts) expect(says.length).toBeGreaterThan(5)
  })

  it('leads nowhere that is not there', () => {
    const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    )
    const own = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor)
    expect(own.length).toBeGreaterThan(5)
    expect(own.filter((anchor) => !headings.includes(anchor ?? ''))).toEqual([])
  })

  it('is of alarms that tell somebody', () => {
    for (const { id, actions } of alarms) expect(actions, id).toHaveLength(1)
  })
})
