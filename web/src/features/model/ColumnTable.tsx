import type { ModelDescription } from '@muniment/api/contract'
import { TableHead } from '../../components/TableHead.tsx'
import { WideTable } from '../../components/WideTable.tsx'
import { fitsColumn } from './findTables.ts'
import { text } from './text.ts'

interface ColumnTableProps {
  model: ModelDescription
  table: ModelDescription['tables'][number]
  words: readonly string[]
}

export function ColumnTable({ model, table, words }: ColumnTableProps) {
  const fitting = table.columns.filter((column) => fitsColumn(column, words))
  const columns = fitting.length > 0 ? fitting : table.columns
  return (
    <WideTable label={`${text.columns}: ${table.title}`}>
      <table className="m-table">
        <TableHead columns={[text.column, text.type, text.description, text.source]} />
        <tbody>
          {columns.map((column) => (
            <tr key={column.name}>
              <th scope="row">
                {column.label}
                <span className="m-id model-table__name">{column.name}</span>
              </th>
              <td>{column.type}</td>
              <td className="model-table__meaning">
                {column.description}
                {column.codeList ? (
                  <>
                    {' '}
                    <a href={`#codes-${column.codeList}`}>
                      {model.codeLists[column.codeList]?.title ?? column.codeList}
                    </a>
                  </>
                ) : null}
                {column.unit || column.sensitivity.length > 0 || column.derived ? (
                  <span className="model-table__notes">
                    {[
                      ...(column.unit ? [text.unit(column.unit)] : []),
                      ...column.sensitivity,
                      ...(column.derived ? [text.derived(column.derived)] : []),
                    ].join(' · ')}
                  </span>
                ) : null}
              </td>
              <td>{column.source ? <span className="m-id">{column.source}</span> : null}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </WideTable>
  )
}
