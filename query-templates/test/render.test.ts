import { TemplateError } from '@muniment/archive/errors'
import type { PanelData } from '@muniment/query-templates/port'
import { renderView } from '@muniment/query-templates/render'
import fc from 'fast-check'
import { parseFragment } from 'parse5'
import { describe, expect, test } from 'vitest'
import { quickest } from './support/quickest.ts'
import { panelData, QUERY, query, templatesOf } from './support/templates.ts'

type Rows = PanelData['rows']

const ROW = { loan_number: 'L1', state: 'O', lent_on: '2024-07-05', fee: '-1234567.50', fee_currency: 'EUR' }
const UI = '{% import "components.njk" as ui %}'

const render = (
  rows: Rows,
  changed: Partial<PanelData> = {},
  made: Parameters<typeof query>[0] = {},
  dates?: 'long' | 'iso',
) => {
  const loans = query(made)
  return renderView(templatesOf(loans), loans, panelData(loans, rows, changed), dates ? { dates } : {})
}

/** A view that shows one value of the row, with the query's columns all of type varchar unless said otherwise. */
const show = (expression: string, row: Rows[number] = ROW, dates?: 'long' | 'iso') =>
  render([row], {}, { view: `${UI}{% for row in panel.rows %}${expression}{% endfor %}` }, dates)

interface Parsed {
  nodeName: string
  value?: string
  attrs?: { name: string; value: string }[]
  childNodes?: Parsed[]
}

const textOf = (node: Parsed): string => node.value ?? (node.childNodes ?? []).map(textOf).join('')
const all = (node: Parsed, name: string): Parsed[] => [
  ...(node.nodeName === name ? [node] : []),
  ...(node.childNodes ?? []).flatMap((child) => all(child, name)),
]
const parse = (html: string) => parseFragment(html) as unknown as Parsed
const attribute = (node: Parsed | undefined, name: string) => node?.attrs?.find((one) => one.name === name)?.value

describe('a table', () => {
  test('has the agreed shape', () => {
    expect(render([ROW], { sort: '-fee' })).toBe(
      '<div class="m-table-wrap" role="region" tabindex="0" aria-label="Loans"><table class="m-table"><thead><tr>' +
        '<th scope="col" data-column="loan_number" aria-sort="none"><button type="button" data-sort="loan_number">Loan</button></th>' +
        '<th scope="col" data-column="state" aria-sort="none"><button type="button" data-sort="state">State</button></th>' +
        '<th scope="col" data-column="lent_on" aria-sort="none"><button type="button" data-sort="lent_on">Lent on</button></th>' +
        '<th scope="col" data-column="fee" class="is-num" aria-sort="descending"><button type="button" data-sort="fee">Fee <span class="m-unit">EUR</span></button></th>' +
        '</tr></thead><tbody><tr data-row="0"><th scope="row"><span class="m-id">L1</span></th>' +
        '<td><span class="m-tag" data-state="open"><span class="m-code" data-code="O">Out</span></span></td>' +
        '<td><time datetime="2024-07-05">5 Jul 2024</time></td>' +
        '<td class="is-num"><span class="m-money"><span class="m-money__amount">−1,234,567.50</span></span></td>' +
        '</tr></tbody></table></div>',
    )
  })

  test('puts the currency beside the amount where rows differ', () => {
    const html = render([ROW, { ...ROW, fee_currency: 'CHF' }])
    expect(html).not.toContain('m-unit')
    expect(html).toContain('<span class="m-money__currency">CHF</span>')
  })

  test('ignores rows without an amount when it looks for one currency', () => {
    expect(render([ROW, { ...ROW, fee: null, fee_currency: null }])).toContain('<span class="m-unit">EUR</span>')
  })

  test.each([
    ['lent_on', 'lent_on', 'ascending'],
    ['-lent_on', 'lent_on', 'descending'],
    ['newest', 'lent_on', 'descending'],
    ['-newest', 'lent_on', 'ascending'],
    ['by-fee', 'fee', 'ascending'],
  ])('says for sort %s that %s is %s', (sort, column, sorted) => {
    expect(render([ROW], { sort })).toMatch(new RegExp(`data-column="${column}"[^>]* aria-sort="${sorted}"`))
  })

  test('says that there is nothing', () => {
    expect(render([])).toBe('<p class="m-empty">No loan was found.</p>')
  })

  test('says that a value is missing', () => {
    expect(render([{ ...ROW, lent_on: null }])).toContain(
      '<td><span class="m-none"><span aria-hidden="true">–</span><span class="visually-hidden">no value</span></span></td>',
    )
  })

  test('says that there is more', () => {
    expect(render([ROW], { more: true, total: 10_000 })).toContain(
      '<p class="m-note">There are more than these 10,000 rows.',
    )
  })

  test('says which as-of dates it honours', () => {
    const html = render([ROW], { inputs: { valid_on: '2024-07-05', known_on: '2024-08-01' }, honours: ['valid_on'] })
    expect(html).toContain('As it was valid on <time datetime="2024-07-05">5 Jul 2024</time>.')
    expect(html).toContain('Not limited to what was known on <time datetime="2024-08-01">1 Aug 2024</time>.')
  })

  test('of fifty rows takes a few milliseconds, a summary less than one', async () => {
    const loans = query()
    const templates = templatesOf(loans)
    const rows = Array.from({ length: 50 }, () => ROW)
    const data = panelData(loans, rows)
    const summary = panelData(loans, rows.slice(0, 1), { layout: 'summary' })
    expect(await quickest(() => renderView(templates, loans, data))).toBeLessThan(5)
    expect(await quickest(() => renderView(templates, loans, summary))).toBeLessThan(1)
  })
})

describe('a link', () => {
  const link = { useCase: 'loan-file', inputs: { number: 'loan_number' }, carry: ['valid_on'] }
  const columns = [{ name: 'loan_number', type: 'varchar', label: 'Loan', link }]
  const linked = (row: Rows[number], inputs: PanelData['inputs'] = {}) =>
    render([row], { inputs }, { file: { columns } })

  test('carries its inputs beside the address, never in it', () => {
    const html = parse(linked({ loan_number: `L"1'<` }, { valid_on: '2024-07-05' }))
    const [anchor] = all(html, 'a')
    expect(attribute(anchor, 'href')).toBe('/applications/library/use-cases/loan-file')
    expect(attribute(anchor, 'data-use-case')).toBe('loan-file')
    expect(JSON.parse(attribute(anchor, 'data-inputs') ?? '')).toEqual({ number: `L"1'<`, valid_on: '2024-07-05' })
    expect(
      all(html, 'tr')
        .map((row) => attribute(row, 'data-inputs'))
        .at(-1),
    ).toBe(attribute(anchor, 'data-inputs'))
  })

  test('is plain text where the row lacks what it needs', () => {
    expect(linked({ loan_number: null })).not.toContain('data-use-case')
  })

  test('of the use case opens the row', () => {
    const opens = { useCase: 'reader-file', inputs: { name: 'state' }, carry: [] }
    const html = render([ROW], { opens })
    expect(html).toContain(
      '<tr data-row="0" data-use-case="reader-file" data-inputs="{&quot;name&quot;:&quot;O&quot;}">',
    )
  })
})

test('a summary lists label and value of each record', () => {
  expect(render([ROW], { layout: 'summary', columns: query().columns.slice(0, 1) })).toBe(
    '<dl class="m-summary"><div class="m-summary__item"><dt>Loan</dt><dd><span class="m-id">L1</span></dd></div></dl>',
  )
})

test('a timeline begins with the date, then says what and the rest', () => {
  const columns = query().columns.slice(0, 3)
  expect(render([ROW], { layout: 'timeline', columns })).toBe(
    '<ol class="m-timeline"><li class="m-timeline__item"><time class="m-timeline__date" datetime="2024-07-05">5 Jul 2024</time>' +
      '<div class="m-timeline__body"><p class="m-timeline__title"><span class="m-id">L1</span></p>' +
      '<p class="m-timeline__text">State: <bdi><span class="m-tag" data-state="open"><span class="m-code" data-code="O">Out</span></span></bdi></p>' +
      '</div></li></ol>',
  )
})

describe('a component', () => {
  const money = (amount: string, currency: string) =>
    `<span class="m-money"><span class="m-money__amount">${amount}</span>${currency ? ` <span class="m-money__currency">${currency}</span>` : ''}</span>`

  test.each([
    ['{{ ui.money(row.fee, row.fee_currency) }}', {}, money('−1,234,567.50', 'EUR')],
    ['{{ ui.money(row.fee) }}', { fee: '0.00' }, money('0.00', '')],
    [
      '{{ ui.money(row.fee) }}',
      { fee: '12345678901234567890123456789012345678.90' },
      money('12,345,678,901,234,567,890,123,456,789,012,345,678.90', ''),
    ],
    ['{{ ui.money(row.fee) }}', { fee: '999.99' }, money('999.99', '')],
    ['{{ ui.number(row.fee) }}', { fee: '-1000' }, '−1,000'],
    ['{{ ui.number(row.fee, "km") }}', { fee: '1000' }, '1,000 <span class="m-unit">km</span>'],
    ['{{ ui.number(row.fee) }}', { fee: '1.5E10' }, '1.5E10'],
    ['{{ ui.percent(row.fee) }}', { fee: '12.50' }, '12.50%'],
    ['{{ ui.date(row.lent_on) }}', { lent_on: '0987-01-31' }, '<time datetime="0987-01-31">31 Jan 987</time>'],
    ['{{ ui.date(row.lent_on) }}', { lent_on: 'soon' }, 'soon'],
    [
      '{{ ui.timestamp(row.lent_on) }}',
      { lent_on: '2024-07-05 13:45:00.000' },
      '<time datetime="2024-07-05T13:45:00.000">5 Jul 2024, 13:45</time>',
    ],
    [
      '{{ ui.timestamp(row.lent_on) }}',
      { lent_on: '2024-07-05 13:45:01.250' },
      '<time datetime="2024-07-05T13:45:01.250">5 Jul 2024, 13:45:01.250</time>',
    ],
    [
      '{{ ui.code(row.state, "state") }}',
      { state: '<' },
      '<span class="m-code" data-code="&lt;">Less &amp; more</span>',
    ],
    [
      '{{ ui.code(row.state, "state") }}',
      { state: 'X' },
      '<span class="m-code" data-code="X">X <span class="m-code__unknown">not in the code list</span></span>',
    ],
    [
      '{{ ui.code(row.state, "state") }}',
      { state: 'constructor' },
      '<span class="m-code" data-code="constructor">constructor <span class="m-code__unknown">not in the code list</span></span>',
    ],
    [
      '{{ ui.iban(row.state) }}',
      { state: 'DE89370400440532013000' },
      '<span class="m-id">DE89 3704 0044 0532 0130 00</span>',
    ],
    ['{{ ui.iban(row.state) }}', { state: 'none known' }, '<span class="m-id">none known</span>'],
    ['{{ ui.identifier(row.state) }}', { state: '000123' }, '<span class="m-id">000123</span>'],
    ['{{ ui.tag(row.state, "held") }}', {}, '<span class="m-tag" data-state="held">O</span>'],
    [
      '{{ ui.tag(ui.code(row.state, "state"), row.fee) }}',
      {},
      '<span class="m-tag"><span class="m-code" data-code="O">Out</span></span>',
    ],
    ['{{ "<b>" }}', {}, '&lt;b&gt;'],
    ['{{ "<b>" if row.state else "<i>" }}', {}, '&lt;b&gt;'],
    ['{{ ui.note("a < b") }}', {}, '<p class="m-note">a &lt; b</p>'],
    [
      '{{ ui.value(panel, row, "state") }}',
      {},
      '<span class="m-tag" data-state="open"><span class="m-code" data-code="O">Out</span></span>',
    ],
  ])('%s of %o', (expression, row, html) => {
    expect(show(expression, { ...ROW, ...row })).toBe(html)
  })

  test('writes dates as ISO for who wants them so', () => {
    expect(show('{{ ui.date(row.lent_on) }}', ROW, 'iso')).toBe('<time datetime="2024-07-05">2024-07-05</time>')
    expect(show('{{ ui.timestamp(row.lent_on) }}', { ...ROW, lent_on: '2024-07-05 13:45:00.000' }, 'iso')).toContain(
      '>2024-07-05 13:45<',
    )
  })

  test('clamps long text at a word and never within a character', () => {
    const long = `${'word '.repeat(40)}end`
    expect(show('{{ ui.longText(row.state) }}', { ...ROW, state: long })).toMatch(
      /^<details class="m-clamp"><summary>(word )+word …<\/summary>(word )+end<\/details>$/,
    )
    const astral = show('{{ ui.longText(row.state) }}', { ...ROW, state: `x${'😀'.repeat(100)}` })
    expect(astral).not.toContain('\ufffd')
  })

  test('links from a view as a column does', () => {
    expect(show('{{ ui.link(ui.identifier(row.loan_number), "loan-file", { number: row.loan_number }) }}')).toBe(
      '<a class="m-link" href="/applications/library/use-cases/loan-file" data-use-case="loan-file" data-inputs="{&quot;number&quot;:&quot;L1&quot;}"><span class="m-id">L1</span></a>',
    )
  })

  test('says that there is no value', () => {
    for (const expression of [
      '{{ ui.money(row.fee) }}',
      '{{ ui.date(row.fee) }}',
      '{{ row.fee }}',
      '{{ ui.tag(row.fee) }}',
    ])
      expect(show(expression, { ...ROW, fee: null })).toContain('class="m-none"')
  })
})

describe('stored content', () => {
  const HOSTILE = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '{{ 7 * 7 }}',
    "{{ constructor.constructor('return process')() }}",
    '{% include "/etc/passwd" %}',
    '{% raw %}x{% endraw %}',
    '</td></tr></table><svg onload=alert(1)>',
    '&lt;b&gt; &amp; &#60;',
    '<!-- --!> <![CDATA[ ]]>',
    'javascript:alert(1)',
    '`$' + '{alert(1)}`',
    '\u202egnp.exe',
  ]

  test.each(HOSTILE)('prints literally wherever it stands: %s', (text) => {
    const columns = [
      {
        name: 'loan_number',
        type: 'varchar',
        label: 'Loan',
        format: 'identifier',
        link: { useCase: 'x', inputs: { a: 'loan_number' } },
      },
      { name: 'state', type: 'varchar', label: 'State', codeList: 'state' },
      { name: 'fee', type: 'varchar', label: 'Fee', format: 'iban' },
      { name: 'text', type: 'varchar', label: 'Text' },
    ]
    const row = { loan_number: text, state: text, fee: text, text }
    for (const layout of ['table', 'summary', 'timeline'] as const) {
      const parsed = parse(render([row], { layout }, { file: { columns, sorts: [] } }))
      for (const forbidden of ['script', 'img', 'svg', 'b', '#comment']) expect(all(parsed, forbidden)).toEqual([])
      const [id] = all(parsed, 'a')
      expect(textOf(id ?? parsed)).toBe(text)
      expect(JSON.parse(attribute(id, 'data-inputs') ?? '')).toEqual({ a: text })
      for (const element of all(parsed, 'span'))
        expect(element.attrs?.filter(({ name }) => name.startsWith('on'))).toEqual([])
    }
  })

  test('reads back as exactly its text and holds no element, whatever it is', () => {
    const columns = [{ name: 'text', type: 'varchar', label: 'Text' }]
    const loans = query({ view: '{% for row in panel.rows %}{{ row.text }}{% endfor %}', file: { columns, sorts: [] } })
    const templates = templatesOf(loans)
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const parsed = parse(renderView(templates, loans, panelData(loans, [{ text }])))
        expect(textOf(parsed)).toBe(text.replaceAll('\u0000', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd'))
        expect(parsed.childNodes?.every(({ nodeName }) => nodeName === '#text')).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('reads back from a whole table, whatever it is', () => {
    const columns = [{ name: 'text', type: 'varchar', label: 'Text' }]
    const loans = query({ file: { columns, sorts: [] } })
    const templates = templatesOf(loans)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        const parsed = parse(renderView(templates, loans, panelData(loans, [{ text }], { title: text })))
        expect(all(parsed, 'th').map(textOf).at(-1)).toBe(text.replaceAll('\u0000', '\ufffd'))
        expect(all(parsed, 'td')).toEqual([])
      }),
    )
  })

  test('has no prototype to reach', () => {
    const columns = [{ name: 'constructor', type: 'varchar', label: 'C' }]
    const view = '{% for row in panel.rows %}{{ row.constructor }}{% endfor %}'
    expect(
      render([{ constructor: 'Ltd' } as unknown as Rows[number]], {}, { view, file: { columns, sorts: [] } }),
    ).toBe('Ltd')
    expect(() => render([{}], {}, { view, file: { columns, sorts: [] } })).toThrow(TemplateError)
  })
})

describe('a unit', () => {
  const columns = [
    { name: 'loan_number', type: 'varchar', label: 'Loan', format: 'identifier' },
    { name: 'copies', type: 'integer', label: 'Weight <', unit: 'kg & more' },
  ]
  const made = { file: { columns } }
  const row = { loan_number: 'L1', copies: '1200' }

  test('stands in the head of a column of a table, and not in its cells', () => {
    const html = render([row], {}, made)
    expect(html).toContain('Weight &lt; <span class="m-unit">kg &amp; more</span></button></th>')
    expect(html).toContain('<td class="is-num">1,200</td>')
  })

  test('stands behind the number where there is no head', () => {
    expect(render([row], { layout: 'summary' }, made)).toContain(
      '<dd>1,200 <span class="m-unit">kg &amp; more</span></dd>',
    )
  })
})

describe('what a panel is bound with', () => {
  const view = `${UI}{% if panel.inputs.reader %}reader {{ panel.inputs.reader }}{% endif %}{{ ui.asOf(panel) }}`

  test('is what its view sees, and nothing that the form gave to other panels', () => {
    const inputs = { reader: 'Ann', loan_number: 'L1' }
    expect(render([ROW], { inputs }, { view })).toContain('reader Ann')
    expect(render([ROW], { inputs, bound: { loan_number: 'L1' } }, { view })).not.toContain('reader')
  })

  test('says the date by which it answers, the form’s or one that it fixes', () => {
    const search = { valid_on: '2020-01-01' }
    const fixed = { valid_on: '2024-12-31' }
    expect(render([ROW], { inputs: search, bound: {}, honours: [] }, { view })).toContain(
      'Not limited to what was valid on <time datetime="2020-01-01">',
    )
    expect(render([ROW], { inputs: { ...search, ...fixed }, bound: fixed, honours: ['valid_on'] }, { view })).toContain(
      'As it was valid on <time datetime="2024-12-31">',
    )
  })
})

describe('a link to what one is looking at', () => {
  const link = { useCase: 'loan-file', inputs: { loan_number: 'loan_number' } }
  const [number, ...others] = QUERY.columns
  const made = { file: { columns: [{ ...number, link }, ...others] } }
  const file = { layout: 'summary', useCase: 'loan-file', inputs: { loan_number: 'L1' } } as const

  test('is none', () => {
    expect(render([ROW], file, made)).not.toContain('<a ')
  })

  test('is one in another use case, and to another record', () => {
    expect(render([ROW], { ...file, useCase: 'find-loan' }, made)).toContain('data-use-case="loan-file"')
    expect(render([{ ...ROW, loan_number: 'L2' }], file, made)).toContain('data-use-case="loan-file"')
  })
})
