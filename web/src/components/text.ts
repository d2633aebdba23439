export const text = {
  errorId: 'Error id',
  tryAgain: 'Try again',
  incomplete: 'May be incomplete.',
  errorSummary: 'This cannot be searched yet',
  tableOf: (title: string) => `Table: ${title}`,
}
