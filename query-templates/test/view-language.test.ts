import { TemplateError } from '@muniment/archive/errors'
import { renderView } from '@muniment/query-templates/render'
import { examineView } from '@muniment/query-templates/view/check'
import { describe, expect, test } from 'vitest'
import { panelData, query, templatesOf } from './support/templates.ts'

const UI = '{% import "components.njk" as ui %}\n'

const findings = (view: string) =>
  examineView(query({ view: UI + view })).findings.map(({ line, message, hint }) => `${line}: ${message} ${hint ?? ''}`)

describe('what a view may hold', () => {
  test.each([
    '{{ ui.panel(panel) }}',
    '<section class="two-columns" aria-label="x"><h3>Loans</h3>{{ ui.table(panel) }}</section>',
    '{% for row in panel.rows %}<p>{{ row.loan_number }}{% if row.fee %} {{ ui.money(row.fee, row.fee_currency) }}{% endif %}</p>{% endfor %}',
    '{% for column in panel.columns %}{{ column.label }}{% if not loop.last %}, {% endif %}{% endfor %}',
    '{% if panel.rows.length > 1 and panel.total != 3 %}{{ panel.total }}{% elif panel.more %}x{% else %}y{% endif %}',
    '{{ panel.rows[0].state }} {{ (panel.rows | first).state }} {{ panel.rows | length }}',
    '{{ ui.money(currency="EUR", amount=panel.rows[0].fee) }}',
    '{{ "open" if panel.rows[0].state == "O" else "back" }}',
    '{{ panel.inputs.reader }}<br>a &lt; b',
  ])('%s', (view) => {
    expect(findings(view)).toEqual([])
  })
})

describe('what a view may not hold', () => {
  test.each([
    ['safe', '{{ panel.title | safe }}', 'everything is escaped'],
    ['another filter', '{{ panel.title | replace("a", "b") }}', 'The filter `replace` is not part'],
    ['a filter that makes code', '{{ panel | dump }}', 'The filter `dump` is not part'],
    ['a filter as a block', '{% filter safe %}x{% endfilter %}', 'everything is escaped'],
    ['an include', '{% include "../../pas/application.json" %}', 'only components.njk can be imported'],
    ['an absolute path', '{% include "/etc/passwd" %}', 'only components.njk can be imported'],
    ['another import', '{% import "other.njk" as other %}', 'Only "components.njk"'],
    ['an import by expression', '{% import panel.title as other %}', 'Only "components.njk"'],
    ['an import from outside', '{% import "../components.njk" as other %}', 'Only "components.njk"'],
    ['an import with context', '{% import "components.njk" as other with context %}', 'without context'],
    ['a partial import', '{% from "components.njk" import money %}', 'under one name'],
    ['extends', '{% extends "x" %}', '{% extends %} is not part'],
    ['set', '{% set panel = 1 %}', '{% set %} is not part'],
    ['a macro', '{% macro x() %}{% endmacro %}', '{% macro %} is not part'],
    ['a call block', '{% call ui.note() %}x{% endcall %}', 'no argument `caller`'],
    ['raw', '{% raw %}{{ x }}{% endraw %}', '{% raw %} is not part'],
    ['a constructor chain', "{{ constructor.constructor('return process')() }}", 'Only components can be called'],
    [
      'a constructor chain on data',
      "{{ panel.constructor.constructor('return 1')() }}",
      'Only components can be called',
    ],
    ['a lookup of the constructor', '{{ panel.constructor }}', 'The panel has no `constructor`'],
    ['a lookup of the constructor in a text', '{{ panel.title.constructor }}', 'Nothing can be looked up here'],
    ['a lookup of the prototype', '{{ panel.rows[0].__proto__ }}', 'The query has no `__proto__`'],
    ['a computed lookup', '{{ panel["con" ~ "structor"] }}', 'named in the template, not computed'],
    ['a lookup by value', '{{ panel[panel.title] }}', 'named in the template, not computed'],
    ['a method of a list', '{{ panel.rows.pop() }}', 'Only components can be called'],
    ['a method of a component', '{{ ui.note.call(panel) }}', 'Only components can be called'],
    ['an unknown component', '{{ ui.mony(1) }}', 'There is no component `mony`. Did you mean `money`?'],
    ['a private helper', '{{ ui._cells(panel, panel.rows[0]) }}', 'There is no component `_cells`'],
    ['a formatter called directly', '{{ _money(1) }}', 'Only components can be called'],
    ['a global', '{{ range(1000000000) }}', 'Only components can be called'],
    ['an undefined name', '{{ pannel.title }}', 'There is no `pannel` in a view. Did you mean `panel`?'],
    [
      'an undeclared column',
      '{% for row in panel.rows %}{{ row.loan_numbr }}{% endfor %}',
      'Did you mean `loan_number`?',
    ],
    ['an undeclared column by name', '{{ ui.value(panel, panel.rows[0], "feee") }}', 'Did you mean `fee`?'],
    ['an unknown property', '{{ panel.titel }}', 'Did you mean `title`?'],
    ['a loop over text', '{% for x in panel.title %}{{ x }}{% endfor %}', '{% for %} goes through'],
    ['a loop that hides the panel', '{% for panel in panel.rows %}x{% endfor %}', 'one variable with a plain name'],
    ['a loop with two variables', '{% for a, b in panel.rows %}x{% endfor %}', 'one variable with a plain name'],
    ['code in a name', '{{ a";throw`x`;" }}', 'There is no'],
    ['code in a loop variable', '{% for a";x in panel.rows %}x{% endfor %}', 'one variable with a plain name'],
    ['code in an import', '{% import "components.njk" as a";x %}', 'under a plain name'],
    ['a regular expression', '{{ r/a/g }}', 'A regular expression is not part'],
    ['arithmetic', '{{ panel.total * 2 }}', 'This expression is not part'],
    ['too many arguments', '{{ ui.note("a", "b") }}', 'At most 1 arguments'],
    ['too few arguments', '{{ ui.code(panel.title) }}', 'needs its `codeList`'],
    ['an unknown argument', '{{ ui.note(txt="a") }}', 'no argument `txt`'],
    ['a row for the panel', '{{ ui.table(panel.rows[0]) }}', '`panel` must be a panel'],
    ['a computed link target', '{{ ui.link("x", panel.title, {}) }}', 'is named in the template'],
    [
      'a link with the prototype as input',
      '{{ ui.link("x", "y", { __proto__: panel.title }) }}',
      'named by its parameter',
    ],
  ])('%s', (_, view, message) => {
    expect(findings(view).join('\n')).toContain(message)
  })

  test.each([
    ['a script', '<script>alert(1)</script>'],
    ['a style', '<style>a{}</style>'],
    ['a style attribute', '<p style="color: red">x</p>'],
    ['a handler', '<p onclick="x()">x</p>'],
    ['an id', '<p id="x">x</p>'],
    ['an address', '<a href="https://example.org">x</a>'],
    ['a form', '<form><button>x</button></form>'],
    ['an image', '<img src="x">'],
    ['a frame', '<iframe></iframe>'],
    ['svg', '<svg><a></a></svg>'],
    ['a text area', '<textarea>x</textarea>'],
    ['a template', '<template>x</template>'],
    ['data attributes of navigation', '<p data-use-case="x">x</p>'],
    ['an HTML comment', '<!-- {{ panel.title }} -->'],
    ['a doctype', '<!doctype html>'],
    ['upper case', '<SCRIPT>x</SCRIPT>'],
    ['a value in a tag', '<p class={{ panel.title }}>x</p>'],
    ['a value in an attribute', '<p class="{{ panel.title }}">x</p>'],
    ['a value as a name', '<{{ panel.title }}>x'],
    ['a condition in a tag', '<p {% if panel.more %}class="x"{% endif %}>x</p>'],
    ['an unquoted attribute', '<p class=x>x</p>'],
    ['a tag that is not closed', '<div>x'],
    ['a tag that was not opened', 'x</div>'],
    ['a tag over a branch', '{% if panel.more %}<div>{% endif %}x</div>'],
    ['a tag with a slash for a space', '<p/onclick="x()">x</p>'],
    ['a lone angle bracket', 'a < b'],
  ])('%s', (_, view) => {
    expect(findings(view)).not.toEqual([])
  })

  test('is told with its line', () => {
    expect(findings('<p>\n  x\n</p>\n<script>')[0]).toMatch(/^5: <script> is not an element/)
    expect(findings('x\n\n{{ panel.titel }}')[0]).toMatch(/^4: /)
  })

  test('is not rendered either', () => {
    const loans = query({ view: "{{ panel.constructor.constructor('return process')() }}" })
    expect(() => renderView(templatesOf(loans), loans, panelData(loans, []))).toThrow(TemplateError)
  })
})
