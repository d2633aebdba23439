export const text = {
  errorId: 'Error id',
  tryAgain: 'Try again',
  errorSummary: 'This cannot be searched yet',
  add: 'Add',
  remove: (value: string) => `Remove ${value}`,
  none: 'No value chosen',
}
