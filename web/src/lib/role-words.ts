const list = new Intl.ListFormat('en-GB', { type: 'conjunction' })

export const listed = (words: readonly string[]): string => list.format(words)

/** `case-officer` as people say it. */
export const readRole = (role: string): string => role.replaceAll('-', ' ')

export const readRoles = (roles: readonly string[]): string => listed(roles.map(readRole))
