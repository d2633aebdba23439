const bytesAsText = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

export const randomText = (): string => bytesAsText(crypto.getRandomValues(new Uint8Array(32)))

/** What of a secret may be shown before it is (RFC 7636, S256). */
export const challengeOf = async (verifier: string): Promise<string> =>
  bytesAsText(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))))
