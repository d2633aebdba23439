import type { ModelDescription, UseCaseDescription } from '@muniment/api/contract'
import { Link } from '@tanstack/react-router'
import { type ReactElement, type ReactNode, useEffect, useRef, useState } from 'react'
import { formatBytes } from '../../lib/format.ts'
import { ColumnTable } from './ColumnTable.tsx'
import { text } from './text.ts'

interface TableDescriptionProps {
  model: ModelDescription
  table: ModelDescription['tables'][number]
  words: readonly string[]
  useCases: readonly UseCaseDescription[]
}

/** Links with commas between; each has a key of its own. */
const join = (links: ReactElement[]): ReactNode => links.flatMap((link, at) => (at > 0 ? [', ', link] : [link]))

export function TableDescription({ model, table, words, useCases }: TableDescriptionProps) {
  const titles = new Map(model.tables.map((one) => [one.name, one.title]))
  const labels = new Map(table.columns.map((column) => [column.name, column.label]))
  const referring = model.tables.filter((one) => one.foreignKeys.some((key) => key.table === table.name))
  const own = useCases.filter((useCase) => table.useCases.includes(useCase.name))
  const labelOf = (name: string) => labels.get(name) ?? name
  const to = (name: string) => (
    <a key={name} href={`#table-${name}`}>
      {titles.get(name) ?? name}
    </a>
  )
  const period = (one: { from: string; to?: string | undefined }) =>
    text.from(labelOf(one.from), one.to ? labelOf(one.to) : undefined)
  const [isOpen, setIsOpen] = useState(false)
  const details = useRef<HTMLDetailsElement>(null)
  const id = `table-${table.name}`

  // A link to a table opens its columns.
  useEffect(() => {
    const look = () => {
      if (location.hash !== `#${id}`) return
      setIsOpen(true)
      details.current?.closest('section')?.scrollIntoView()
      details.current?.querySelector('summary')?.focus({ preventScroll: true })
    }
    look()
    addEventListener('hashchange', look)
    return () => removeEventListener('hashchange', look)
  }, [id])

  const facts: Array<readonly [string, ReactNode]> = [
    [text.size, `${text.rows(table.rows, model.rounded)}, ${text.bytes(formatBytes(table.bytes), model.rounded)}`],
    [
      text.sourceTable,
      <span key="source" className="m-id">
        {table.source}
      </span>,
    ],
    [text.key, table.primaryKey.map(labelOf).join(', ')],
    ...(table.foreignKeys.length > 0
      ? [[text.refers, join([...new Set(table.foreignKeys.map((key) => key.table))].map(to))] as const]
      : []),
    ...(referring.length > 0 ? [[text.referred, join(referring.map((one) => to(one.name)))] as const] : []),
    ...(table.valid ? [[text.valid, period(table.valid)] as const] : []),
    ...(table.recorded ? [[text.recorded, period(table.recorded)] as const] : []),
    ...(table.persons.length > 0 ? [[text.persons, table.persons.join(', ')] as const] : []),
    [
      text.useCases,
      own.length === 0
        ? text.noUseCases
        : join(
            own.map((useCase) => (
              <Link
                key={useCase.name}
                to="/applications/$application/use-cases/$useCase"
                params={{ application: model.name, useCase: useCase.name }}
              >
                {useCase.title}
              </Link>
            )),
          ),
    ],
  ]
  return (
    <section className="model-table" id={id} aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>
        {table.title} <span className="m-id">{table.name}</span>
      </h3>
      <p className="measure">{table.description}</p>
      <dl className="plain-facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <details
        ref={details}
        open={isOpen || words.length > 0}
        onToggle={(event) => (words.length > 0 ? undefined : setIsOpen(event.currentTarget.open))}
      >
        <summary>
          {text.columns} ({table.columns.length})
        </summary>
        <ColumnTable model={model} table={table} words={words} />
      </details>
    </section>
  )
}
