interface FetchJsonOptions {
  timeoutMs?: number
  maxBytes?: number
}

/** A JSON document of a provider, within a time and a size. Redirects are not followed: what is asked is what was configured. */
export async function fetchJson(
  uri: string,
  { timeoutMs = 5_000, maxBytes = 256 * 1024 }: FetchJsonOptions = {},
): Promise<unknown> {
  const response = await fetch(uri, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!response.ok || !response.body) {
    await response.body?.cancel()
    throw new Error(`The answer was ${response.status}.`)
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.length
    // Leaving the loop closes the connection.
    if (size > maxBytes) throw new Error(`The answer has more than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
