import { queryOptions, useQuery } from '@tanstack/react-query'
import { path, sendNothing } from './http.ts'

/** Each opening of the print view is an entry of the log: kept as long as the view is open, and asked for anew by the next. */
const logPrintOptions = (search: string) =>
  queryOptions({
    queryKey: ['print', search],
    queryFn: async () => {
      await sendNothing('POST', path`/api/searches/${search}/prints`)
      return true
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnReconnect: false,
  })

/** Notes a print that is under way already: it waits for nothing, and what fails is left to the pages' own entries. */
export const notePrint = (search: string): void =>
  void sendNothing('POST', path`/api/searches/${search}/prints`, { keepalive: true }).catch(() => undefined)

export const useLogPrint = (search: string, enabled: boolean) => useQuery({ ...logPrintOptions(search), enabled })
