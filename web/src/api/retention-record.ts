import type { AskRecord, RecordStanding } from '@muniment/api/contract'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { sendJson } from './http.ts'

/** Asked in a body: a record's key belongs into no address. */
const recordOptions = (asked: AskRecord) =>
  queryOptions({
    queryKey: ['retention', 'record', asked],
    queryFn: () => sendJson<RecordStanding>('POST', '/api/retention/record', asked),
  })

export const useRecordStanding = (asked: AskRecord, enabled: boolean) => useQuery({ ...recordOptions(asked), enabled })
