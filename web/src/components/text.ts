export const text = {
  errorId: 'Error id',
  tryAgain: 'Try again',
  errorSummary: 'This cannot be searched yet',
  tableOf: (title: string) => `Table: ${title}`,
}
