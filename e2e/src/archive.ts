import { setTimeout as sleep } from 'node:timers/promises'
import type { Export, Search } from '@muniment/api/contract'
import { readersToken } from './signed-in.ts'

type Inputs = Search['inputs']

/** Searches over HTTP, for what a test needs and is not about. */
export class Archive {
  readonly #url: string
  readonly #token: () => Promise<string>
  readonly #purpose: string

  /** `home`: the server's data folder, whose owner gives tokens; or what gives them. */
  constructor(url: string, home: string | (() => Promise<string>), purpose: string) {
    this.#url = url
    this.#token = typeof home === 'string' ? () => readersToken(home) : home
    this.#purpose = purpose
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const authorization = `Bearer ${await this.#token()}`
    return fetch(`${this.#url}${path}`, { ...init, headers: { ...init.headers, authorization } })
  }

  async search(useCase: string, inputs: Inputs): Promise<Search> {
    const response = await this.fetch('/api/searches', {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'wait=20' },
      body: JSON.stringify({
        application: 'pas',
        useCase,
        inputs,
        purpose: { reason: 'system-test', note: this.#purpose },
      }),
    })
    if (!response.ok) throw new Error(`Search refused with ${response.status}: ${await response.text()}`)
    let search = (await response.json()) as Search
    // What takes longer than an answer may is asked for again.
    while (search.state === 'queued' || search.state === 'running') {
      await sleep(300)
      search = await this.read(search.id)
    }
    if (search.state !== 'done') throw new Error(`The search ended as ${search.state}.`)
    return search
  }

  async read(search: string): Promise<Search> {
    return this.#get<Search>(`/api/searches/${search}`)
  }

  async export(id: string): Promise<Export> {
    return this.#get<Export>(`/api/exports/${id}`)
  }

  async #get<Body>(path: string): Promise<Body> {
    const response = await this.fetch(path)
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as Body
  }
}
