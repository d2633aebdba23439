import type { Readable } from 'node:stream'

/** The stream that was to be stored failed, which is not the store's failure; `cause` is what it said. */
export class SourceError extends Error {
  constructor(cause: unknown) {
    super('The stream that was to be stored failed.', { cause })
    this.name = 'SourceError'
  }
}

/** The chunks of `body`; its errors as SourceError, so that they are not taken for those of the disk or the network. */
export async function* readingFrom(body: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body as AsyncIterable<Buffer | string>)
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
  } catch (error) {
    throw new SourceError(error)
  }
}

/** Runs `act` and throws what the source said where that was what failed. */
export async function asSourceSays<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw error instanceof SourceError ? error.cause : error
  }
}
