import type { Search } from '@muniment/api/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { path, sendJson } from './http.ts'
import { searchOptions } from './search.ts'

export const cancelSearch = (id: string) => sendJson<Search>('DELETE', path`/api/searches/${id}`)

export function useCancelSearch() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: cancelSearch,
    onSuccess: (search) => client.setQueryData(searchOptions(search.id).queryKey, search),
  })
}
