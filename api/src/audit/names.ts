import type { AuditNames } from '../contract.ts'
import type { Services } from '../shared/services.ts'

/** Applications whose templates have a fault are left out: nothing of theirs can be named. */
export async function namesOf({ templates }: Pick<Services, 'templates'>): Promise<AuditNames> {
  const applications = await Promise.all(
    (await templates.list()).map(async (name) => (await templates.get(name).catch(() => undefined))?.application),
  )
  return applications.flatMap((application) => {
    if (!application) return []
    const { name, title, tables } = application
    return [
      {
        name,
        title,
        // Codes and the like are nobody's records: the log does not name them.
        tables: tables
          .filter(({ reference }) => !reference)
          .map(({ name, title, primaryKey, columns }) => ({
            name,
            title,
            key: primaryKey.map((key) => ({
              name: key,
              label: columns.find((column) => column.name === key)?.label ?? key,
            })),
          })),
      },
    ]
  })
}
