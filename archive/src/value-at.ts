/** What stands at a path of a parsed document, by own properties only; undefined where there is nothing. */
export function valueAt(whole: unknown, path: readonly PropertyKey[]): unknown {
  let current = whole
  for (const step of path)
    current =
      typeof current === 'object' && current !== null && Object.hasOwn(current, step)
        ? Reflect.get(current, step)
        : undefined
  return current
}
