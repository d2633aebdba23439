import type { AuditEntries } from '@muniment/api/contract'
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { getJson, getText } from './http.ts'

/** What an auditor asks of the log. Days are ISO; `record` is `table:key`. Absent is not limited. */
export interface AuditFilters {
  from?: string
  until?: string
  person?: string
  action?: string
  outcome?: string
  application?: string
  record?: string
}

const queryOf = (filters: AuditFilters, rest: Record<string, string> = {}): string =>
  new URLSearchParams({ ...filters, ...rest }).toString()

/** Reading the log stands in the log: nothing is fetched twice by itself. `asked` counts the askings, each of which is one. */
const auditEntriesOptions = (filters: AuditFilters, asked: number) =>
  infiniteQueryOptions({
    queryKey: ['audit', 'entries', filters, asked],
    queryFn: ({ pageParam, signal }) =>
      getJson<AuditEntries>(
        `/api/audit/entries?${queryOf(filters, { limit: '100', ...(pageParam ? { before: pageParam } : {}) })}`,
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: AuditEntries) => last.next,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
  })

export const useAuditEntries = (filters: AuditFilters | undefined, asked: number) =>
  useInfiniteQuery({ ...auditEntriesOptions(filters ?? {}, asked), enabled: filters !== undefined })

/** All entries that answer, a JSON object a line. */
export const fetchAuditLines = (filters: AuditFilters) => getText(`/api/audit/entries.jsonl?${queryOf(filters)}`)
