import type { ColumnType } from '../model/types.ts'

/** Columns by which a row is found again, whatever its key: of statements that ask for places alone. */
export const placeColumns: { name: '_object' | '_row'; type: ColumnType }[] = [
  { name: '_object', type: 'varchar' },
  { name: '_row', type: 'bigint' },
]

/** The columns that a statement sees. */
export const withPlaces = <Column extends { name: string; type: ColumnType }>(
  columns: readonly Column[],
  places: true | undefined,
): { name: string; type: ColumnType }[] => (places ? [...columns, ...placeColumns] : [...columns])
