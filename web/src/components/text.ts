export const text = {
  errorId: 'Error id',
  tryAgain: 'Try again',
  incomplete: 'May be incomplete.',
  errorSummary: 'This cannot be searched yet',
  wideTable: (columns: number) => `Scroll sideways to see all ${columns} columns.`,
  tableOf: (title: string) => `Table: ${title}`,
}
