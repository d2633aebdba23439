/**
 * The markup that a view writes itself. It may hold structure and classes; whatever could act (script, style, address, handler, form)
 * or clash (id) has no name here, and each part of a view closes what it opens. Values never stand inside a tag.
 */

const ELEMENTS = new Set(
  'div section article header footer p h3 h4 h5 h6 ul ol li dl dt dd span strong em b i small abbr bdi br hr wbr blockquote q sub sup table caption thead tbody tfoot tr th td figure figcaption details summary time data'.split(
    ' ',
  ),
)
const VOID = new Set(['br', 'hr', 'wbr'])
const ATTRIBUTES = /^(?:class|lang|dir|role|scope|colspan|rowspan|title|open|aria-[a-z]+)$/
/** A tag whose attributes are written in ways that only browsers take. */
const LOOSE_TAG = /<[A-Za-z][^\s/>]*(?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'<>=`]+))?)*\s*\/?>/y
const TAG = /<(\/?)([A-Za-z][^\s/>]*)((?:\s+[^\s"'<>/=]+(?:="[^"<]*")?)*)\s*\/?>/y

export interface HtmlProblem {
  offset: number
  message: string
}

/** Looks at one run of markup. `open` holds the elements that are open and is brought up to date. */
export function checkHtml(text: string, open: string[]): HtmlProblem[] {
  const problems: HtmlProblem[] = []
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const report = (message: string) => problems.push({ offset: at, message })
    TAG.lastIndex = at
    const match = TAG.exec(text)
    if (!match) {
      LOOSE_TAG.lastIndex = at
      const loose = LOOSE_TAG.exec(text)
      report(
        loose
          ? looseAttribute(loose[0])
          : text.startsWith('<!', at)
            ? 'HTML comments are not part of a view: write {# ... #}.'
            : 'A tag is written whole, in one piece and without values in it: <name attribute="text">. A lone < is written &lt;.',
      )
      at += 1
      continue
    }
    const [whole, closing, name = '', attributes = ''] = match
    if (!closing && !ELEMENTS.has(name)) report(`<${name}> is not an element that a view may hold.`)
    for (const attribute of attributes.matchAll(/([^\s=]+)(?:="[^"]*")?/g)) {
      const attributeName = attribute[1] ?? ''
      if (!ATTRIBUTES.test(attributeName)) report(`\`${attributeName}\` is not an attribute that a view may hold.`)
    }
    if (closing) {
      if (open.at(-1) === name) open.pop()
      else report(`</${name}> closes nothing that was opened here.`)
    } else if (!VOID.has(name)) open.push(name)
    at += whole.length
  }
  return problems
}

function looseAttribute(tag: string): string {
  const name = /\s([^\s"'<>/=]+)\s*=\s*(?:[^"]|$)/.exec(tag.replaceAll(/[^\s"'<>/=]+="[^"]*"/g, ''))?.[1]
  if (name !== undefined && !ATTRIBUTES.test(name)) return `\`${name}\` is not an attribute that a view may hold.`
  return `The value of an attribute stands in double quotes, right behind the =: ${name ?? 'name'}="text".`
}
