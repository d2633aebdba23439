/**
 * The line (from 1) at which the value at `path` begins in a JSON text that is known to parse; the line of the nearest
 * enclosing value when the path leads further than the text.
 */
export function lineOf(json: string, path: readonly PropertyKey[]): number {
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g
  const lineAt = (index: number) => json.slice(0, index).split('\n').length
  let place = tokens.exec(json)
  let found = place?.index ?? 0

  // Walks over one value; while `depth` of the path is matched, remembers where the matching child began.
  const walk = (depth: number, onPath: boolean): void => {
    if (!place) return
    if (onPath) found = place.index
    const open = place[0]
    if (open !== '{' && open !== '[') {
      place = tokens.exec(json)
      return
    }
    place = tokens.exec(json)
    for (let index = 0; place && place[0] !== '}' && place[0] !== ']'; index++) {
      let step: PropertyKey = index
      let keyAt: number | undefined
      if (open === '{') {
        step = JSON.parse(place[0]) as string
        keyAt = place.index
        tokens.exec(json)
        place = tokens.exec(json)
      }
      const next = onPath && depth < path.length && path[depth] === step
      walk(depth + 1, next)
      if (next && keyAt !== undefined && depth === path.length - 1) found = keyAt
      if (place?.[0] === ',') place = tokens.exec(json)
    }
    place = tokens.exec(json)
  }
  walk(0, true)
  return lineAt(found)
}

/** The line that V8's message about broken JSON points at, where it names one. */
export function lineOfSyntaxError(json: string, error: unknown): number | undefined {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
  return position === undefined ? undefined : json.slice(0, Number(position)).split('\n').length
}
