import type { ModelDescription } from '@muniment/api/contract'
import { useMemo, useState } from 'react'
import { drawDomain } from './layout.ts'
import { text } from './text.ts'

interface DomainDiagramProps {
  model: ModelDescription
  domain: ModelDescription['domains'][number]
}

export function DomainDiagram({ model, domain }: DomainDiagramProps) {
  const drawing = useMemo(() => drawDomain(model, domain.name), [model, domain.name])
  const [pointed, setPointed] = useState<string>()
  const titles = new Map(model.domains.map((one) => [one.name, one.title]))
  const isLit = (name: string) =>
    pointed === undefined ||
    name === pointed ||
    drawing.lines.some(
      (line) => (line.from === pointed && line.to === name) || (line.to === pointed && line.from === name),
    )
  return (
    <div className="diagram">
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing of links is no fieldset */}
      <svg
        viewBox={`0 0 ${drawing.width} ${drawing.height}`}
        width={drawing.width}
        height={drawing.height}
        role="group"
        aria-label={text.diagram(domain.title)}
      >
        {drawing.lines.map((line) => (
          <path
            key={`${line.from} ${line.to}`}
            className="diagram__line"
            d={line.path}
            data-lit={pointed !== undefined && (line.from === pointed || line.to === pointed)}
          />
        ))}
        {drawing.boxes.map((box) => {
          const { table } = box
          return (
            <a
              key={table.name}
              href={`#table-${table.name}`}
              className="diagram__box"
              data-guest={box.isGuest}
              data-lit={isLit(table.name)}
              onPointerEnter={() => setPointed(table.name)}
              onPointerLeave={() => setPointed(undefined)}
              onFocus={() => setPointed(table.name)}
              onBlur={() => setPointed(undefined)}
            >
              <rect x={box.x} y={box.y} width={box.width} height={box.height} rx={2} />
              <text x={box.x + 12} y={box.y + 20} className="diagram__title">
                {table.title.length > 25 ? `${table.title.slice(0, 24)}…` : table.title}
              </text>
              <text x={box.x + 12} y={box.y + 36} className="diagram__fact">
                {box.isGuest
                  ? text.elsewhere(titles.get(table.domain) ?? table.domain)
                  : text.rows(table.rows, model.rounded)}
              </text>
            </a>
          )
        })}
      </svg>
    </div>
  )
}
