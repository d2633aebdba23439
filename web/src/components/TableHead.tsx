type Column = string | { label: string; isNumber?: boolean; isHidden?: boolean }

interface TableHeadProps {
  /** In order, each with a label of its own. A hidden one is there for those who hear the table. */
  columns: readonly Column[]
}

export function TableHead({ columns }: TableHeadProps) {
  return (
    <thead>
      <tr>
        {columns
          .map((column) => (typeof column === 'string' ? { label: column } : column))
          .map(({ label, isNumber, isHidden }) => (
            <th key={label} scope="col" className={isNumber ? 'is-num' : undefined}>
              {isHidden ? <span className="visually-hidden">{label}</span> : label}
            </th>
          ))}
      </tr>
    </thead>
  )
}
