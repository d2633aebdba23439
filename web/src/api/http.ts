import type { Problem } from '@muniment/api/contract'
import { isRecord } from '../lib/kept.ts'
import { accessToken, SessionEnded, tokenAfter } from '../lib/session/session.ts'

/** An answer that is no success, with the problem document the API gave, or one that says what is known. */
export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem, options: ErrorOptions = {}) {
    super(problem.detail || problem.title, options)
    this.name = 'ApiError'
    this.problem = problem
  }
}

const unreachable: Problem = {
  type: 'about:blank',
  title: 'The archive cannot be reached',
  status: 0,
  detail: 'The server does not answer. Nothing you typed is lost. Check your connection, then try again.',
}

function readProblem(body: unknown, response: Response): Problem {
  const found = isRecord(body) ? body : {}
  const fields = isRecord(found.fields)
    ? Object.fromEntries(Object.entries(found.fields).map(([name, sentence]) => [name, String(sentence)]))
    : undefined
  return {
    type: typeof found.type === 'string' ? found.type : 'about:blank',
    title: typeof found.title === 'string' ? found.title : 'The archive could not answer',
    status: response.status,
    detail: typeof found.detail === 'string' ? found.detail : `The server answered with status ${response.status}.`,
    ...(typeof found.instance === 'string' ? { instance: found.instance } : {}),
    ...(fields ? { fields } : {}),
  }
}

const signedOff: Problem = {
  type: 'about:blank',
  title: 'Your session has ended',
  status: 401,
  detail: 'Nothing you typed is lost. Try again to sign in.',
}

function send(path: string, init: RequestInit, token: string): Promise<Response> {
  const headers = { ...init.headers, authorization: `Bearer ${token}` }
  return fetch(path, { ...init, headers, credentials: 'omit', cache: 'no-store' })
}

async function request(path: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    const token = await accessToken()
    response = await send(path, init, token)
    // Refused before its time, by a clock or a key that changed: once more with another.
    if (response.status === 401) response = await send(path, init, await tokenAfter(token))
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError(cause instanceof SessionEnded ? signedOff : unreachable, { cause })
  }
  if (response.ok) return response
  throw new ApiError(readProblem(await response.json().catch(() => undefined), response))
}

export async function getJson<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  const response = await request(path, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) })
  return (await response.json()) as Body
}

export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  const response = await request(path, { headers: { accept: 'text/html' }, ...(signal ? { signal } : {}) })
  return response.text()
}

export async function sendJson<Body>(
  method: 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Body> {
  const response = await request(path, {
    method,
    headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return (await response.json()) as Body
}

/** A question in a body, whose answer is a text. */
export async function sendForText(path: string, body: object): Promise<string> {
  const headers = { accept: '*/*', 'content-type': 'application/json' }
  return (await request(path, { method: 'POST', headers, body: JSON.stringify(body) })).text()
}

/** For what has no answer but that it was done. */
export async function sendNothing(method: 'POST' | 'DELETE', path: string, init: RequestInit = {}): Promise<void> {
  await request(path, { ...init, method, headers: { accept: 'application/json' } })
}

/** Puts a path together, each part encoded. */
export function path(parts: TemplateStringsArray, ...values: string[]): string {
  return parts.reduce((whole, part, index) => whole + part + encodeURIComponent(values[index] ?? ''), '')
}
