import type { ModelDescription } from '@muniment/api/contract'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getJson, path } from './http.ts'

export const modelOptions = (application: string) =>
  queryOptions({
    queryKey: ['model', application],
    queryFn: ({ signal }) => getJson<ModelDescription>(path`/api/applications/${application}/model`, signal),
    staleTime: 60_000,
  })

export const useModel = (application: string) => useQuery(modelOptions(application))
