import type { PanelData } from '@muniment/query-templates/port'
import { renderView } from '@muniment/query-templates/render'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { panelData, query, templatesOf } from './support/templates.ts'

type Mask = 'hidden' | 'partial'

const UI = '{% import "components.njk" as ui %}'
const ROW = { loan_number: 'L1', state: 'O', lent_on: '2024-07-05', fee: '12.50', fee_currency: 'EUR' }

/** The panel as the API gives it: the mask beside each column, shown or not. */
function show(rows: PanelData['rows'], masks: Record<string, Mask>, view?: string, changed: Partial<PanelData> = {}) {
  const loans = query(view === undefined ? {} : { view })
  const data = panelData(loans, rows, changed)
  const columns = data.columns.map((column) => {
    const masked = masks[column.name]
    return masked ? { ...column, masked } : column
  })
  return renderView(templatesOf(loans), loans, { ...data, columns, masks })
}

const cells = (html: string, at: number) =>
  [...html.matchAll(/<tr data-row.*?<\/tr>/g)].map(([row]) => [...row.matchAll(/<t[hd].*?<\/t[hd]>/g)][at]?.[0])

describe('a hidden column', () => {
  test('says "masked" in every cell, whether or not there is a value', () => {
    const html = show([ROW, { ...ROW, loan_number: 'L2', fee: null }], { fee: 'hidden' })
    const masked = '<td class="is-num"><span class="m-masked">masked</span></td>'
    expect(cells(html, 3)).toEqual([masked, masked])
  })

  test('offers no sorting, and the others still do', () => {
    const html = show([ROW], { fee: 'hidden' })
    expect(html).toContain('<th scope="col" data-column="fee" class="is-num">Fee</th>')
    expect(html).not.toContain('data-sort="fee"')
    expect(html).toContain('data-sort="lent_on"')
  })

  test('is named once for a table', () => {
    const html = show([ROW, ROW], { fee: 'hidden', state: 'hidden' })
    expect(html.match(/m-mask-note/g)).toHaveLength(1)
    expect(html).toContain('Masked for your role, whether or not there is a value: State, Fee.')
  })

  test('makes no link of what would need its value', () => {
    const loans = query()
    const link = { useCase: 'loan-file', inputs: { loan_number: 'loan_number' }, carry: [] }
    const data = { ...panelData(loans, [ROW]), opens: link }
    const columns = data.columns.map((column) => (column.name === 'loan_number' ? { ...column, link } : column))
    const hidden = columns.map((column) => (column.link ? { ...column, masked: 'hidden' as const } : column))
    expect(renderView(templatesOf(loans), loans, { ...data, columns }).match(/data-use-case/g)).toHaveLength(2)
    expect(renderView(templatesOf(loans), loans, { ...data, columns: hidden })).not.toContain('data-use-case')
  })

  test('says "masked" among key facts and in the events of a timeline', () => {
    const summary = show([ROW], { fee: 'hidden' }, undefined, { layout: 'summary' })
    expect(summary).toContain('<dt>Fee</dt><dd><span class="m-masked">masked</span></dd>')
    const timeline = show([{ ...ROW, fee: null }], { fee: 'hidden' }, undefined, { layout: 'timeline' })
    expect(timeline).toContain('Fee: <bdi><span class="m-masked">masked</span></bdi>')
    const undated = show([ROW], { lent_on: 'hidden' }, undefined, { layout: 'timeline' })
    expect(undated).toContain('<span class="m-timeline__date"><span class="m-masked">masked</span></span>')
  })

  test.each([
    ['{{ row.fee }}'],
    ['{{ ui.money(row.fee, row.fee_currency) }}'],
    ['{{ ui.date(row.fee) }}'],
    ['{{ ui.code(row.fee, "state") }}'],
    ['{{ ui.longText(row.fee) }}'],
    ['{{ ui.value(panel, row, "fee") }}'],
    ['{{ ui.link(row.fee, "loan-file", { loan_number: row.loan_number }) }}'],
    ['{% if row.fee %}{{ ui.number(row.fee) }}{% endif %}'],
  ])('says "masked" where a view writes it as %s', (expression) => {
    const html = show(
      [{ ...ROW, fee: null }],
      { fee: 'hidden' },
      `${UI}{% for row in panel.rows %}${expression}{% endfor %}`,
    )
    expect(html).toContain('<span class="m-masked">masked</span>')
    expect(html).not.toContain('no value')
  })

  test('has not changed against another hidden one', () => {
    const view = `${UI}{% for row in panel.rows %}{% if row.fee != row.state %}changed{% else %}same{% endif %}{% endfor %}`
    const html = show([ROW], { fee: 'hidden', state: 'hidden' }, view)
    expect(html).toContain('same')
  })

  test('is named where a view of its own shows it without its being among the shown ones', () => {
    const html = show([ROW], { fee_currency: 'hidden' }, undefined, { layout: 'timeline' })
    expect(html).toContain('Masked for your role, whether or not there is a value: Currency.')
  })

  test('never lets through what its row says', () => {
    const letters = fc.string({ unit: fc.constantFrom('Q', 'Z', 'X'), minLength: 12, maxLength: 20 })
    fc.assert(
      fc.property(letters, fc.constantFrom('table', 'summary', 'timeline' as const), (secret, layout) => {
        const masks = { state: 'hidden', fee: 'hidden' } as const
        const changed = { layout: layout as PanelData['layout'] }
        expect(show([{ ...ROW, state: secret, fee: secret }], masks, undefined, changed)).not.toContain(secret)
      }),
    )
  })
})

describe('a partly shown column', () => {
  test('shows the text it was given, is marked in the head, and can be sorted by', () => {
    const html = show([{ ...ROW, loan_number: '…99' }], { loan_number: 'partial' })
    expect(html).toContain('<span class="m-id">…99</span>')
    expect(html).toMatch(/data-sort="loan_number">Loan <span class="m-unit">partly shown<\/span><\/button>/)
    expect(html).toContain('Partly shown: Loan.')
  })
})

test('where nothing is masked nothing is said of masks', () => {
  expect(show([ROW], {})).not.toContain('mask')
})
