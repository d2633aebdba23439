import { examineSql } from '@muniment/query-templates/sql/compile'
import { describe, expect, test } from 'vitest'
import { query } from './support/templates.ts'

const PARAMETERS = [
  { name: 'number', type: 'string', label: 'Number', required: true },
  { name: 'reader', type: 'string', label: 'Reader' },
  { name: 'since', type: 'date', label: 'Since' },
  { name: 'states', type: 'string', label: 'States', list: true, required: true },
]

/** Findings as `line: message`, for SQL with the four parameters and no declared order. */
function findings(sql: string, file: object = {}): string[] {
  const used = query({
    sql,
    file: { parameters: PARAMETERS.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(sql)), sorts: [], ...file },
  })
  return examineSql(used).findings.map(({ line, message, hint }) => `${line}: ${message}${hint ? ` ${hint}` : ''}`)
}

const TAIL = '\nORDER BY loan_number'

describe('what the language accepts', () => {
  test.each([
    ['a value', 'SELECT 1 FROM loans WHERE a = {{ number }}'],
    ['a list in parentheses', 'SELECT 1 FROM loans WHERE a IN ({{ states }})'],
    ['a guarded optional value', 'SELECT 1 FROM loans {% if reader %}WHERE a = {{ reader }}{% endif %}'],
    ['two guards at once', 'SELECT 1 {% if reader and since %}{{ reader }} = {{ since }}{% endif %}'],
    ['the other branch of a denial', 'SELECT 1 {% if not reader %}x{% else %} = {{ reader }}{% endif %}'],
    [
      'either way with elif',
      'SELECT 1 {% if reader %}= {{ reader }}{% elif since %}= {{ since }}{% else %}y{% endif %}',
    ],
    ['a group in a condition', 'SELECT 1 {% if (reader or since) and since %}= {{ since }}{% endif %}'],
    ['whitespace control', 'SELECT 1 {%- if reader -%} = {{- reader -}} {%- endif %}'],
    ['comments of the template', "SELECT 1 {# it's {{ nothing }} #} = {{ number }}"],
    ['doubled quotes before a value', "SELECT 'it''s' || {{ number }}"],
    ['a question mark in a text', "SELECT 'what?' || {{ number }}"],
    ['a semicolon in a comment', 'SELECT 1 -- this; that\n, {{ number }}'],
    ['a comment that **/ closes', 'SELECT 1 /* x **/ = {{ number }}'],
    ['a division', 'SELECT 1 / {{ number }} * 2 - -1'],
    ['a quote in a comment', "SELECT 1 /* it's */, {{ number }}"],
  ])('%s', (_, sql) => {
    expect(findings(sql + TAIL)).toEqual([])
  })
})

describe('a placeholder where no value may stand', () => {
  test.each([
    ['single quotes', "SELECT '{{ number }}'", 'inside quotes'],
    ['double quotes', 'SELECT "{{ number }}"', 'inside quotes'],
    ['quotes with a LIKE pattern', "SELECT a LIKE '%{{ number }}%'", 'inside quotes'],
    ['quotes that a doubled quote keeps open', "SELECT 'it''{{ number }}'", 'inside quotes'],
    ['a line comment', 'SELECT 1 -- {{ number }}\n', 'inside a comment'],
    ['a block comment', 'SELECT 1 /* {{ number }} */', 'inside a comment'],
    ['a comment that /*/ does not close', 'SELECT 1 /*/ {{ number }} */', 'inside a comment'],
    ['quotes that begin after a comment ended by a carriage return', "SELECT 1 --\r'\n{{ number }}'", 'inside quotes'],
    ['a comment that a branch begins', 'SELECT 1 {% if reader %}--{% endif %} {{ number }}', 'inside a comment'],
    ['a comment made of two branches', 'SELECT 1 -{% if reader %}- {{ number }}{% endif %}', 'inside a comment'],
    ['a quote that only one branch opens', "SELECT {% if reader %}'{% endif %} {{ number }}", 'inside quotes'],
    ['dollar quotes', 'SELECT $${{ number }}$$', '$ is not part'],
    ['backquotes', 'SELECT `{{ number }}`', '` is not part'],
    ['the end of a name', 'SELECT loan_{{ number }}', 'stands by itself'],
    ['the beginning of a name', 'SELECT {{ number }}_loan', 'stands by itself'],
    ['the beginning of a name in other letters', 'SELECT {{ number }}é', 'stands by itself'],
    ['a number', 'SELECT 1{{ number }}', 'stands by itself'],
    ['a qualified name', 'SELECT l.{{ number }}', 'part of a name'],
    ['a schema', 'SELECT {{ number }}.loans', 'nothing can be looked up in it'],
    ['the side of a quote', "SELECT {{ number }}'x'", 'beside a quote'],
    ['the other side of a quote', "SELECT 'x'{{ number }}", 'beside a quote'],
    ['the side of another', 'SELECT {{ number }}{{ number }}', 'side by side'],
    ['the side of another, over a branch', 'SELECT {{ number }}{% if reader %}{{ reader }}{% endif %}', 'side by side'],
    ['a list without parentheses', 'SELECT 1 WHERE a = {{ states }}', 'in parentheses'],
  ])('is refused in %s', (_, sql, message) => {
    expect(findings(sql + TAIL).join('\n')).toContain(message)
  })

  test('is told with the line it stands on', () => {
    expect(findings(`SELECT 1\nFROM loans\n  WHERE a = '{{ number }}'${TAIL}`)).toEqual([
      "3: A placeholder stands inside quotes ('...'): take the quotes away, it is a value by itself.",
    ])
  })

  test('is told with its line behind whitespace control too', () => {
    expect(findings(`SELECT 1\n{% if reader -%}\n\n\n  , 'a\n  {{ reader }}'\n{%- endif %}${TAIL}`)[0]).toMatch(/^6: /)
  })
})

describe('what is not said in SQL templates', () => {
  test.each([
    ['an undefined name', '{{ numbr }}', '`numbr` is not a declared parameter. Did you mean `number`?'],
    ['an undefined name in a condition', '{% if raeder %}1{% endif %}', 'Did you mean `reader`?'],
    ['a filter', '{{ number | upper }}', 'Filters are not part of the language'],
    ['safe', '{{ number | safe }}', 'Filters are not part of the language'],
    ['a block filter', '{% filter upper %}x{% endfilter %}', 'Filters are not part'],
    ['a literal', "{{ 'x' }}", 'A literal is written in SQL'],
    ['a number', '{{ 1 }}', 'A literal is written in SQL'],
    ['a concatenation', '{{ number ~ number }}', 'there are no expressions'],
    ['an addition', '{{ number + 1 }}', 'there are no expressions'],
    ['an inline condition', '{{ number if reader else since }}', 'there are no expressions'],
    ['a comparison in a condition', "{% if reader == 'x' %}1{% endif %}", 'asks whether parameters are given'],
    ['a literal in a condition', '{% if true %}1{% endif %}', 'asks whether parameters are given'],
    ['a call', '{{ number() }}', 'Nothing can be called'],
    ['a lookup', '{{ number.length }}', 'Nothing can be looked up'],
    ['a lookup by index', '{{ number[0] }}', 'Nothing can be looked up'],
    ['a constructor chain', "{{ constructor.constructor('return process')() }}", 'Nothing can be called'],
    ['a constructor chain on a value', "{{ number.constructor.constructor('return 1')() }}", 'Nothing can be called'],
    ['a bare constructor', '{{ constructor }}', '`constructor` is not a declared parameter'],
    ['a prototype', '{{ __proto__ }}', '`__proto__` is not a declared parameter'],
    ['code in a name', '{{ a";throw`x`;" }}', 'is not a declared parameter'],
    ['set', '{% set number = reader %}', '{% set %} is not part'],
    ['set as a block', '{% set number %}x{% endset %}', '{% set %} is not part'],
    ['for', '{% for x in states %}{{ x }}{% endfor %}', '{% for %} is not part'],
    ['include', "{% include '/etc/passwd' %}", '{% include %} is not part'],
    ['import', "{% import '../../x.njk' as x %}", '{% import %} is not part'],
    ['from', "{% from 'x' import y %}", '{% from %} is not part'],
    ['extends', "{% extends 'x' %}", '{% extends %} is not part'],
    ['a block', '{% block x %}{% endblock %}', 'Only {{ parameter }}'],
    ['a macro', '{% macro x() %}{% endmacro %}', '{% macro %} is not part'],
    ['a switch', '{% switch number %}{% case 1 %}{% endswitch %}', 'Only {{ parameter }}'],
    ['an asynchronous condition', '{% ifAsync reader %}x{% endif %}', 'Only {{ parameter }}'],
    ['raw', '{% raw %}{{ number }}{% endraw %}', '{% raw %} is not part'],
    ['raw with whitespace control', '{%- raw -%}{{ number }}{%- endraw -%}', '{% raw %} is not part'],
    ['verbatim', '{% verbatim %}{{ number }}{% endverbatim %}', '{% verbatim %} is not part'],
    ['an unknown tag', '{% exec x %}', 'cannot be read'],
    ['a value that is not closed', '{{ number', 'cannot be read'],
    ['a condition that is not closed', '{% if reader %}', 'cannot be read'],
    ['sort in a condition', '{% if sort %}x{% endif %}', '`sort` is the declared order'],
  ])('%s is refused', (_, template, message) => {
    const found = findings(`SELECT 1\n, ${template}${TAIL}`, { parameters: PARAMETERS })
    expect(found.join('\n')).toContain(message)
  })

  test('each fault is told with its own line', () => {
    const lines = findings(`SELECT {{ numbr }}\n,\n{{ number | upper }}\n{% if (\nreader == 1) %}{% endif %}${TAIL}`)
    expect(lines.map((line) => line.split(':')[0])).toEqual(['1', '3', '5'])
  })
})

describe('parentheses', () => {
  const nested = (depth: number, inside = '{{ number }}') => `SELECT\n${'('.repeat(depth)}${inside}${')'.repeat(depth)}`

  test('may be nested 200 deep', () => {
    expect(findings(nested(200) + TAIL)).toEqual([])
  })

  test.each([201, 1_500, 100_000])('nested %i deep are refused at their place', (depth) => {
    expect(findings(nested(depth) + TAIL)).toEqual([
      '2: Parentheses are nested more than 200 deep. Take steps apart with WITH, or write fewer.',
    ])
  })

  test('nested too deeply in one branch alone are refused', () => {
    const branches = `{% if reader %}${nested(201)}{% else %}SELECT {{ number }}{% endif %}`
    expect(findings(branches + TAIL).join()).toContain('nested more than 200 deep')
  })

  test('are not counted in texts and comments', () => {
    expect(findings(`SELECT {{ number }}, '${'('.repeat(300)}' /* ${'('.repeat(300)} */${TAIL}`)).toEqual([])
  })
})

describe('what engines would read differently', () => {
  test.each([
    ['a second statement', 'SELECT {{ number }}; DROP TABLE loans', 'one statement'],
    ['a bare question mark', 'SELECT ?, {{ number }}', 'Values are named'],
    ['a numbered parameter', 'SELECT $1, {{ number }}', '$ is not part'],
    ['an escape string', "SELECT E'it\\'s', {{ number }}", 'directly before a quote'],
    ['nested comments', 'SELECT 1 /* /* */ */, {{ number }}', 'not nested'],
    ['a quote that is not closed', "SELECT {{ number }}, 'x", 'A quote is not closed'],
    ['a comment that is not closed', 'SELECT {{ number }} /* x', 'A comment is not closed'],
    ['parentheses that only one branch opens', 'SELECT {{ number }}{% if reader %} ({% endif %}', 'Parentheses'],
    ['a control character', 'SELECT \u0000, {{ number }}', 'control character'],
  ])('%s is refused', (_, sql, message) => {
    expect(findings(sql + TAIL).join('\n')).toContain(message)
  })
})

describe('an optional parameter', () => {
  test.each([
    ['without a condition', 'SELECT {{ reader }}'],
    ['under the condition of another', 'SELECT 1 {% if since %}= {{ reader }}{% endif %}'],
    ['under either of two', 'SELECT 1 {% if reader or since %}= {{ reader }}{% endif %}'],
    ['where it is denied', 'SELECT 1 {% if not reader %}= {{ reader }}{% endif %}'],
    ['in the other branch', 'SELECT 1 {% if reader %}x{% else %}= {{ reader }}{% endif %}'],
    ['where two are not both given', 'SELECT 1 {% if not (reader and since) %}= {{ reader }}{% endif %}'],
  ])('is refused %s', (_, sql) => {
    expect(findings(sql + TAIL)[0]).toContain(
      '`reader` is optional, so it may be missing here. Put this part between {% if reader %}',
    )
  })

  test('with a default is always given', () => {
    const parameters = [{ name: 'reader', type: 'string', label: 'Reader', default: 'x' }]
    expect(findings(`SELECT {{ reader }}${TAIL}`, { parameters })).toEqual([])
  })
})

describe('the order', () => {
  const sorts = [{ name: 'newest', label: 'Newest', by: ['-lent_on'] }]

  test('is missing', () => {
    expect(findings('SELECT 1')[0]).toContain('no ORDER BY')
  })

  test('in only one branch is missing', () => {
    expect(findings('SELECT 1 {% if reader %}ORDER BY a{% endif %}')[0]).toContain('no ORDER BY')
  })

  test('of a window or of a subquery is not that of the statement', () => {
    expect(findings('SELECT rank() OVER (ORDER BY a) FROM (SELECT 1 ORDER BY 1)')[0]).toContain('no ORDER BY')
  })

  test('by a declared sort needs a key to break ties', () => {
    expect(findings('SELECT 1 ORDER BY {{ sort }}', { sorts })[0]).toContain('may leave ties')
    expect(findings('SELECT 1 ORDER BY {{ sort }}, loan_number', { sorts })).toEqual([])
  })

  test.each([
    ['as a value', 'SELECT {{ sort }} ORDER BY a'],
    ['in a condition of WHERE', 'SELECT 1 WHERE a = {{ sort }} ORDER BY a'],
    ['after another key', 'SELECT 1 ORDER BY a, {{ sort }}, b'],
    ['in a subquery', 'SELECT 1 FROM (SELECT 2 ORDER BY {{ sort }}, a) ORDER BY a'],
    ['in quotes', 'SELECT 1 ORDER BY "{{ sort }}", a'],
  ])('is put only directly behind ORDER BY, not %s', (_, sql) => {
    expect(findings(sql, { sorts })).not.toEqual([])
  })

  test('is declared and used together', () => {
    expect(findings('SELECT 1 ORDER BY {{ sort }}, a')[0]).toContain('declares no `sorts`')
    expect(findings('SELECT 1 ORDER BY a', { sorts })[0]).toContain('no ORDER BY {{ sort }}')
  })
})

test('a parameter that is declared but not used is named', () => {
  const parameters = [PARAMETERS[0]]
  expect(findings('SELECT 1 ORDER BY a', { parameters })[0]).toContain(
    '`number` is declared but the SQL does not use it',
  )
})

test('a parameter called sort is refused', () => {
  const parameters = [{ name: 'sort', type: 'string', label: 'Sort', required: true }]
  expect(findings('SELECT 1 ORDER BY a', { parameters }).join()).toContain('call the parameter otherwise')
})
