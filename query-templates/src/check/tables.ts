export interface TableName {
  name: string
  offset: number
}

const TOKEN = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"]|"")*)"|([\p{L}_][\p{L}\p{N}_]*)|[(),.]/gu
const ENDS_FROM = new Set(
  'where group order having limit offset fetch union intersect except window on using'.split(' '),
)

interface Level {
  /** SELECT was read here: a FROM belongs to it and not to EXTRACT(... FROM ...). */
  selects: boolean
  inFrom: boolean
}

/** Tables that a statement reads: what stands after FROM, JOIN and the commas between, but for names that WITH defines. */
export function tablesIn(sql: string): TableName[] {
  const found: TableName[] = []
  const defined = new Set<string>()
  const levels: Level[] = [{ selects: false, inFrom: false }]
  let expecting = false
  let last = ''
  let beforeLast = ''
  for (const match of sql.matchAll(TOKEN)) {
    const [text, quoted, bare] = match
    if (text.startsWith("'") || text.startsWith('--') || text.startsWith('/*')) continue
    const word = bare?.toLowerCase() ?? ''
    const level = levels.at(-1) ?? { selects: false, inFrom: false }
    if (text === '(') {
      if (last === 'as') defined.add(beforeLast)
      levels.push({ selects: false, inFrom: expecting })
    } else if (text === ')') {
      levels.pop()
      expecting = false
    } else if (text === ',') expecting = level.inFrom
    else if (word === 'select') level.selects = true
    else if ((word === 'from' && level.selects) || word === 'join') {
      level.inFrom = true
      expecting = true
    } else if (ENDS_FROM.has(word)) {
      // After the condition of a join, a comma may still bring the next table.
      level.inFrom &&= word === 'on' || word === 'using'
      expecting = false
    } else if (expecting && word !== 'lateral' && word !== 'unnest' && text !== '.') {
      found.push({ name: quoted ?? word, offset: match.index })
      expecting = false
    } else if (word === 'unnest') expecting = false
    beforeLast = last
    last = quoted ?? (word || text)
  }
  return found.filter(({ name }) => !defined.has(name))
}
