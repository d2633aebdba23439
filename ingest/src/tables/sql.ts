/** Quoting, in one place. */
export const text = (value: string) => `'${value.replaceAll("'", "''")}'`
export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`
export const list = (values: readonly string[]) => values.map(text).join(', ')
/** A path as DuckDB's readers take it: they would else look for `[1]`, `*` and `?` as patterns, and read another file. */
export const filePath = (path: string) => text(path.replace(/[*?[]/g, (char) => `[${char}]`))
