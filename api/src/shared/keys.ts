import { resultPrefix, searchKey } from '@muniment/archive/layout'
import { dayOf, searchOfExport } from './ids.ts'

export const searchesPrefix = 'searches/'
export const resultsPrefix = 'results/'
export const recordKey = (search: string) => searchKey(dayOf(search), search)
export const resultKey = (search: string, panel: string) => `${resultPrefix(search)}${panel}.json`

/** Beside the search's record and not below results/: who took what along outlasts the file. */
export const exportsPrefix = (search: string) => `searches/${dayOf(search)}/${search}/exports/`
export const exportRecordKey = (exportId: string) =>
  `${exportsPrefix(searchOfExport(exportId))}${exportId.slice(37)}.json`
export const exportFilePrefix = (exportId: string) =>
  `${resultPrefix(searchOfExport(exportId))}exports/${exportId.slice(37)}/`
const keysName = 'records.jsonl'
/** Whose records are in the file, until they are named in the audit log. Its name is none that a file for download can have. */
export const exportKeysKey = (exportId: string) => `${exportFilePrefix(exportId)}${keysName}`
export const isKeysFile = (key: string) => key.endsWith(`/${keysName}`)
