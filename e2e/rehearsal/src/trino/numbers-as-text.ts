/**
 * Parses JSON with every number left as the text it was written in: JavaScript would round a bigint, and make 1 of
 * the double 1.0, which Athena shows as `1.0`.
 */
export function parseWithNumbersAsText(json: string): unknown {
  return JSON.parse(
    json.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) => (token[0] === '"' ? token : `"${token}"`)),
  )
}
