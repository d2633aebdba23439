/** Statements run in each instance before it is locked: functions that DuckDB lacks or answers differently. */
export const macros: string[] = []
