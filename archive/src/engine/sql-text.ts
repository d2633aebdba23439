export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`
export const literalList = (texts: string[]) => `[${texts.map(literal).join(', ')}]`
