import DOMPurify from 'dompurify'

/**
 * What fragments consist of, and nothing else. Records may hold markup that somebody once typed; the views escape it, and this
 * is the second wall: no script, no style, no form, no image, no address but our own.
 */
const tags = [
  ...['a', 'abbr', 'b', 'bdi', 'br', 'button', 'caption', 'code', 'dd', 'details', 'div', 'dl', 'dt', 'em'],
  ...['h3', 'h4', 'i', 'li', 'ol', 'p', 'section', 'small', 'span', 'strong', 'sub', 'summary', 'sup'],
  ...['table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'time', 'tr', 'ul'],
]
const attributes = [
  ...['class', 'colspan', 'datetime', 'dir', 'href', 'lang', 'role', 'rowspan', 'scope', 'tabindex', 'title', 'type'],
  ...['aria-hidden', 'aria-label', 'aria-sort'],
  ...['data-code', 'data-column', 'data-inputs', 'data-row', 'data-sort', 'data-state', 'data-use-case'],
]

const ownClass = /^(m-[a-z0-9_-]+|is-[a-z0-9-]+|visually-hidden)$/
const roles = new Set(['region', 'list', 'listitem', 'note', 'img', 'group'])

const purify = DOMPurify(window)
purify.addHook('uponSanitizeAttribute', (_element, data) => {
  if (data.attrName === 'class') {
    data.attrValue = data.attrValue
      .split(/\s+/)
      .filter((name) => ownClass.test(name))
      .join(' ')
  }
  if (data.attrName === 'role' && !roles.has(data.attrValue)) data.keepAttr = false
  if (data.attrName === 'tabindex' && data.attrValue !== '0') data.keepAttr = false
  if (data.attrName === 'type' && data.attrValue !== 'button') data.keepAttr = false
})

export function sanitise(html: string): DocumentFragment {
  return purify.sanitize(html, {
    ALLOWED_TAGS: tags,
    ALLOWED_ATTR: attributes,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^\/(?![/\\])/,
    // Without this the values of all attributes, not of addresses alone, would have to look like an address of ours.
    ADD_URI_SAFE_ATTR: attributes.filter((name) => name !== 'href'),
    RETURN_DOM_FRAGMENT: true,
  })
}
