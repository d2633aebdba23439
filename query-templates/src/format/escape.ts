// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what is looked for
const SPECIAL = /[&<>"'\u0000\r\ud800-\udfff]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what is looked for
const REPLACED = /[&<>"'\u0000\r]|\p{Surrogate}/gu
const AS: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // A parser would turn it into a line feed.
  '\r': '&#13;',
}

/**
 * Text as HTML, for content and for quoted attributes. A parser gives back exactly this text; only NUL and lone
 * surrogates, which HTML cannot hold, become U+FFFD.
 */
export function escapeHtml(text: string): string {
  if (!SPECIAL.test(text)) return text
  return text.replace(REPLACED, (char) => AS[char] ?? '\ufffd')
}
