import type { ModelDescription } from '@muniment/api/contract'

type Table = ModelDescription['tables'][number]

export interface Box {
  table: Table
  /** From another domain: drawn lightly. */
  isGuest: boolean
  x: number
  y: number
  width: number
  height: number
}

export interface Line {
  from: string
  to: string
  /** SVG path. */
  path: string
}

export interface Drawing {
  boxes: Box[]
  lines: Line[]
  width: number
  height: number
}

const size = { width: 188, height: 46, gapX: 76, gapY: 18, margin: 12 }

/** Column of each table: one to the right of everything it refers to. Cycles are broken where they are met. */
export function rankTables(tables: readonly Table[]): Map<string, number> {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const ranks = new Map<string, number>()
  const visiting = new Set<string>()
  const rank = (table: Table): number => {
    const known = ranks.get(table.name)
    if (known !== undefined) return known
    if (visiting.has(table.name)) return 0
    visiting.add(table.name)
    const above = table.foreignKeys.flatMap((key) => {
      const target = byName.get(key.table)
      return target && target !== table && !visiting.has(target.name) ? [rank(target) + 1] : []
    })
    visiting.delete(table.name)
    const own = Math.max(0, ...above)
    ranks.set(table.name, own)
    return own
  }
  for (const table of tables) rank(table)
  return ranks
}

/** Several passes of ordering each column by the middle of its neighbours, which takes most crossings out. */
function orderColumns(columns: Table[][], neighbours: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (let pass = 0; pass < 8; pass++) {
    const place = new Map(
      columns.flatMap((column) => column.map((table, at) => [table.name, (at + 0.5) / column.length] as const)),
    )
    for (const column of columns) {
      const middle = (table: Table): number => {
        const near = [...(neighbours.get(table.name) ?? [])].flatMap((name) => place.get(name) ?? [])
        return near.length === 0 ? (place.get(table.name) ?? 0) : near.reduce((sum, at) => sum + at, 0) / near.length
      }
      const middles = new Map(column.map((table) => [table.name, middle(table)]))
      column.sort((left, right) => (middles.get(left.name) ?? 0) - (middles.get(right.name) ?? 0))
      for (const [at, table] of column.entries()) place.set(table.name, (at + 0.5) / column.length)
    }
  }
}

/** A drawing of one domain: its tables, those of other domains that they refer to, and the lines between them. */
export function drawDomain(model: ModelDescription, domain: string): Drawing {
  const own = model.tables.filter((table) => table.domain === domain)
  const names = new Set(own.map((table) => table.name))
  const guestNames = new Set(
    own.flatMap((table) => table.foreignKeys.map((key) => key.table)).filter((n) => !names.has(n)),
  )
  const guests = model.tables
    .filter((table) => guestNames.has(table.name))
    .map((table) => ({ ...table, foreignKeys: [] }))
  const tables = [...guests, ...own]
  const drawn = new Set(tables.map((table) => table.name))
  const ranks = rankTables(tables)
  const columns: Table[][] = Array.from({ length: Math.max(0, ...ranks.values()) + 1 }, () => [])
  for (const table of tables) columns[ranks.get(table.name) ?? 0]?.push(table)

  const neighbours = new Map<string, Set<string>>()
  const link = (one: string, other: string) => neighbours.set(one, (neighbours.get(one) ?? new Set()).add(other))
  for (const table of own) {
    for (const key of table.foreignKeys) {
      if (!drawn.has(key.table) || key.table === table.name) continue
      link(table.name, key.table)
      link(key.table, table.name)
    }
  }
  orderColumns(columns, neighbours)

  const heightOf = (count: number) => count * size.height + (count - 1) * size.gapY
  const height = Math.max(...columns.map((column) => heightOf(column.length))) + 2 * size.margin
  const boxes = columns.flatMap((column, rank) =>
    column.map((table, at) => ({
      table,
      isGuest: guestNames.has(table.name),
      x: size.margin + rank * (size.width + size.gapX),
      y: (height - heightOf(column.length)) / 2 + at * (size.height + size.gapY),
      width: size.width,
      height: size.height,
    })),
  )
  const boxOf = new Map(boxes.map((box) => [box.table.name, box]))
  const lines = own.flatMap((table) => {
    const targets = [...new Set(table.foreignKeys.map((key) => key.table))].filter((name) => name !== table.name)
    return targets.flatMap((name, at) => {
      const from = boxOf.get(table.name)
      const to = boxOf.get(name)
      if (!from || !to) return []
      const y1 = from.y + (from.height * (at + 1)) / (targets.length + 1)
      const y2 = to.y + to.height / 2
      const x1 = from.x
      const x2 = to.x + to.width
      const bend = Math.max(24, (x1 - x2) / 2)
      return [{ from: table.name, to: name, path: `M${x1} ${y1} C${x1 - bend} ${y1} ${x2 + bend} ${y2} ${x2} ${y2}` }]
    })
  })
  return {
    boxes,
    lines,
    width: columns.length * size.width + (columns.length - 1) * size.gapX + 2 * size.margin,
    height,
  }
}
