import { plural } from '../../lib/format.ts'

export const text = {
  title: 'Your searches',
  lead: 'Each one is kept with its purpose, and shows what it showed when it ran.',
  none: 'You have not searched yet.',
  begin: 'Begin a search',
  loading: 'Fetching your searches',
  earlier: 'Show earlier searches',
  fetching: 'Fetching…',
  all: 'These are all of your searches.',
  today: 'Today',
  yesterday: 'Yesterday',
  time: 'Time',
  search: 'Search',
  for: 'For',
  rows: 'Rows',
  result: 'Result',
  again: 'Search again',
  states: {
    queued: 'waiting',
    running: 'running',
    done: '',
    failed: 'failed',
    cancelled: 'stopped',
  },
  count: (rows: number, more = false) =>
    rows === 0 ? 'none found' : `${more ? 'more than ' : ''}${plural(rows, 'row', 'rows')}`,
  noInputs: 'without limits',
}
