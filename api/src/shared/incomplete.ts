import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import type { Application } from '@muniment/archive/model/types'
import { tablesIn } from '@muniment/query-templates/sql/tables-of'

/** Sentence for whoever gets the answer of a statement that reads tables of which objects are gone; undefined where all are whole. */
export function noticeOf(sql: string, application: Application, snapshot: CatalogSnapshot): string | undefined {
  const incomplete = incompleteTables(snapshot)
  if (incomplete.size === 0) return undefined
  const read = tablesIn(sql, incomplete)
  return sentence([...incomplete].filter((name) => read.has(name)).map((name) => titleOf(name, application)))
}

/** The same of a whole application. */
export function noticeOfApplication(application: Application, snapshot: CatalogSnapshot): string | undefined {
  return sentence([...incompleteTables(snapshot)].map((name) => titleOf(name, application)))
}

/**
 * What is to be said of an execution that ran by another version of the catalog than the one it was begun with. A version that
 * came and went in between is not known any more: what was said before stays said.
 */
export function noticeThen(
  before: string | undefined,
  ranBy: string,
  now: CatalogSnapshot | undefined,
  notice: (snapshot: CatalogSnapshot) => string | undefined,
): string | undefined {
  const said = now && notice(now)
  return now?.version === ranBy ? said : (said ?? before)
}

const incompleteTables = ({ tables }: CatalogSnapshot): Set<string> =>
  new Set(tables.filter(({ incomplete }) => incomplete).map(({ name }) => name))

const titleOf = (name: string, { tables }: Application): string =>
  tables.find((table) => table.name === name)?.title ?? name

const list = new Intl.ListFormat('en')

function sentence(titles: string[]): string | undefined {
  if (titles.length === 0) return undefined
  const [are, them] = titles.length === 1 ? ['is', 'it'] : ['are', 'them']
  const names = list.format(titles.map((title) => `"${title}"`))
  return (
    `${names} ${are} not whole in the archive: files of ${them} are gone or were altered. Answers may lack rows, and ` +
    'where nothing is found there may have been something. The operator has to restore the files and crawl.'
  )
}
