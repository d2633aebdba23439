import type { AuditEntries, AuditFilters } from '@muniment/api/contract'
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { sendForText, sendJson } from './http.ts'

/** Reading the log stands in the log: nothing is fetched twice by itself. `asked` counts the askings, each of which is one. */
const auditEntriesOptions = (filters: AuditFilters, asked: number) =>
  infiniteQueryOptions({
    queryKey: ['audit', 'entries', filters, asked],
    // In a body: neither a record's key nor a person's id belongs into an address.
    queryFn: ({ pageParam }) =>
      sendJson<AuditEntries>('POST', '/api/audit/entries', {
        ...filters,
        limit: 100,
        ...(pageParam ? { before: pageParam } : {}),
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: AuditEntries) => last.next,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
  })

export const useAuditEntries = (filters: AuditFilters | undefined, asked: number) =>
  useInfiniteQuery({ ...auditEntriesOptions(filters ?? {}, asked), enabled: filters !== undefined })

/** All entries that answer, a JSON object a line, behind one that says what they answer. */
export const fetchAuditLines = (filters: AuditFilters) => sendForText('/api/audit/entries.jsonl', filters)
