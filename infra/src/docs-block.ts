/** Parts of pages in docs/ that are written by a program, between `<!-- NAME: written by ... -->` and `<!-- end of NAME -->`. */
const lines = (name: string) =>
  new RegExp(
    `(<!-- ${name}: written by \`npm run -w infra docs\` -->\\n\\n)([\\s\\S]*?)(\\n\\n<!-- end of ${name} -->)`,
  )

/** Throws where the page has no such part. */
export function between(page: string, name: string): string {
  const found = lines(name).exec(page)?.[2]
  if (found === undefined) throw new Error(`The page has no part "${name}" for a program to write.`)
  return found
}

export function withBlock(page: string, name: string, written: string): string {
  between(page, name)
  return page.replace(lines(name), (_, begin: string, _before: string, end: string) => `${begin}${written}${end}`)
}
