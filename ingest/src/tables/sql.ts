/** Quoting, in one place. */
export const text = (value: string) => `'${value.replaceAll("'", "''")}'`
export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`
export const list = (values: readonly string[]) => values.map(text).join(', ')
