import { invalid } from './errors.ts'

/** Starts at most once per token. A second caller gets the first one's id, even while that is still being started. */
export function createIdempotency(): (
  token: string,
  request: unknown,
  start: () => Promise<string>,
) => Promise<string> {
  const known = new Map<string, { request: string; id: Promise<string> }>()
  return (token, request, start) => {
    const length = [...token].length
    if (length < 32 || length > 128) {
      throw invalid(
        `1 validation error detected: Value '${token}' at 'clientRequestToken' failed to satisfy constraint: Member must ` +
          `have length ${length < 32 ? 'greater than or equal to 32' : 'less than or equal to 128'}`,
      )
    }
    const text = JSON.stringify(request)
    const found = known.get(token)
    if (found && found.request !== text) throw invalid('Idempotent parameters do not match')
    if (found) return found.id

    const id = start()
    known.set(token, { request: text, id })
    // A start that was refused has used up nothing.
    id.catch(() => known.delete(token))
    return id
  }
}
