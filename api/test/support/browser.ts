import { createHash, randomBytes } from 'node:crypto'

export interface Tokens {
  access_token: string
  refresh_token: string
  id_token: string
  expires_in: number
}

/** What a browser does, as far as signing in needs it: cookies by path, redirects one at a time. */
export function openBrowser(url: string) {
  const jar = new Map<string, { value: string; path: string }>()

  async function go(path: string, init: RequestInit = {}): Promise<Response> {
    const address = new URL(path, url)
    const cookies = [...jar].filter(([, cookie]) => address.pathname.startsWith(cookie.path))
    const response = await fetch(address, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', ...init.headers, cookie: cookies.map(([n, c]) => `${n}=${c.value}`).join('; ') },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      const path = /path=([^;]+)/i.exec(line)?.[1] ?? '/'
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name)
      else jar.set(name, { value, path })
    }
    return response
  }

  const form = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { 'sec-fetch-site': 'same-origin', ...headers },
  })

  const verifier = randomBytes(32).toString('base64url')
  const authorization = (more: Record<string, string> = {}) =>
    `/oidc/auth?${new URLSearchParams({
      client_id: 'muniment-web',
      response_type: 'code',
      scope: 'openid profile',
      redirect_uri: `${url}/signed-in`,
      state: 'abc',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    })}`

  const token = (fields: Record<string, string>) =>
    go('/oidc/token', {
      ...form({ client_id: 'muniment-web', ...fields }),
      headers: { accept: 'application/json' },
    })

  return {
    jar,
    go,
    form,
    authorization,
    token,
    /** Address of the page that asks who one is. */
    async begin(): Promise<string> {
      return (await go(authorization())).headers.get('location') ?? ''
    },
    /** From the answer of that page, over the provider, to where it sends the browser. */
    async follow(response: Response): Promise<URL> {
      let location = response.headers.get('location') ?? ''
      while (location.startsWith('/oidc') || location.startsWith(`${url}/oidc`))
        location = (await go(location)).headers.get('location') ?? ''
      return new URL(location, url)
    },
    async redeem(code: string): Promise<Tokens> {
      const fields = { grant_type: 'authorization_code', code, redirect_uri: `${url}/signed-in` }
      const response = await token({ ...fields, code_verifier: verifier })
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
      return (await response.json()) as Tokens
    },
    async signIn(fields: Record<string, string>): Promise<Tokens> {
      const answer = await go(await this.begin(), form(fields))
      const back = await this.follow(answer)
      const code = back.searchParams.get('code')
      if (!code) throw new Error(`No code at ${back}`)
      return this.redeem(code)
    },
  }
}
