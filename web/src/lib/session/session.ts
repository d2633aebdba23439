/**
 * Who is signed in, in this tab. Tokens are in memory only: a reload goes to the provider, whose own cookie still stands, and comes back.
 */
import type { SignIn } from '@muniment/api/contract'
import { isRecord, readKept, writeKept } from '../kept.ts'
import { createStore } from '../store.ts'
import {
  beginning,
  codeOf,
  endAddress,
  fetchSignIn,
  redeem,
  refresh,
  SignInRefused,
  subjectOf,
  type Tokens,
} from './provider.ts'

/** Milliseconds before a token's end at which it is renewed. */
const reserve = 60_000
const keptAs = 'sign-in'
const windowPrefix = 'window.'

export type Begun = 'ready' | 'leaving' | 'signed-out' | 'other-window' | 'unreachable' | 'refused' | 'insecure'

/** The person left the question whether to sign in again. */
export class SessionEnded extends Error {}

interface Question {
  /** Opens the window in which to sign in; false where the browser did not let it. */
  open(): boolean
  leave(): void
}
/** The session has ended and something waits for another; the frame shows it as a dialog. */
export const sessionQuestion = createStore<Question | undefined>(undefined)

type Message = { type: 'signed-out' } | { type: 'answer'; answer: string }

let signIn: SignIn | undefined
let tokens: Tokens | undefined
let renewing: Promise<string> | undefined
const channel = new BroadcastChannel('muniment.session')

/** Signs in, or finds out that the browser is on its way to do so. Called once, before anything is shown. */
export async function beginSession(): Promise<Begun> {
  if (location.pathname === '/signed-out') return 'signed-out'
  const answer = location.pathname === '/signed-in' ? new URLSearchParams(location.search) : undefined
  if (answer?.get('state')?.startsWith(windowPrefix)) {
    tell({ type: 'answer', answer: location.search })
    window.close()
    return 'other-window'
  }
  // Browsers keep these from pages that come without https.
  if (!('subtle' in crypto)) return 'insecure'
  try {
    signIn = await fetchSignIn()
    if (location.origin !== signIn.origin) {
      location.replace(signIn.origin + here())
      return 'leaving'
    }
    return answer ? await comeBack(signIn, answer) : await leaveToSignIn(here())
  } catch (error) {
    return error instanceof SignInRefused ? 'refused' : 'unreachable'
  }
}

/** Goes to the provider, which sends the browser back to `path`. */
export async function leaveToSignIn(path: string): Promise<Begun> {
  signIn ??= await fetchSignIn()
  const { state, verifier, address } = await beginning(signIn, '')
  // The place in the browser's history is this page's again afterwards, with the ids that it holds.
  writeKept('session', keptAs, { state, verifier, path, place: history.state })
  location.replace(address)
  return 'leaving'
}

async function comeBack(at: SignIn, answer: URLSearchParams): Promise<Begun> {
  const kept = readKept('session', keptAs, readBegun)
  writeKept('session', keptAs, undefined)
  // An address from the browser's history, or somebody else's: nothing that this tab began.
  if (!kept || kept.state !== answer.get('state')) return leaveToSignIn('/')
  history.replaceState(kept.place, '', kept.path)
  tokens = await redeem(at, codeOf(at, answer), kept.verifier)
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isRecord(data) && data.type === 'signed-out') forget()
  })
  // A page that the browser kept aside may be of a session that ended meanwhile.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload()
  })
  return 'ready'
}

interface BegunSignIn {
  state: string
  verifier: string
  path: string
  place: unknown
}

function readBegun(value: unknown): BegunSignIn | undefined {
  if (!isRecord(value)) return undefined
  const { state, verifier, path, place = null } = value
  if (typeof state !== 'string' || typeof verifier !== 'string' || typeof path !== 'string') return undefined
  // What begins with two slashes is another server.
  return /^\/(?![/\\])/.test(path) ? { state, verifier, path, place } : undefined
}

const here = (): string => location.pathname + location.search + location.hash
const tell = (message: Message): void => channel.postMessage(message)

/** A token that is good for a while yet. Throws SessionEnded where the session has ended and the person leaves it at that. */
export async function accessToken(): Promise<string> {
  if (tokens && tokens.expires - reserve > Date.now()) return tokens.access
  return renew()
}

/** Another token than the one that was refused. */
export async function tokenAfter(refused: string): Promise<string> {
  return tokens && tokens.access !== refused ? accessToken() : renew()
}

/** One renewal at a time: the provider takes a refresh token that comes twice for a stolen one. */
function renew(): Promise<string> {
  renewing ??= renewNow().finally(() => {
    renewing = undefined
  })
  return renewing
}

async function renewNow(): Promise<string> {
  if (!signIn) throw new SessionEnded()
  try {
    if (!tokens) throw new SignInRefused('no tokens')
    tokens = await refresh(signIn, tokens)
    return tokens.access
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error
    return askToSignIn(signIn)
  }
}

/** Until it worked or the person leaves it. */
async function askToSignIn(at: SignIn): Promise<string> {
  try {
    return await ask(at)
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error
    return askToSignIn(at)
  } finally {
    sessionQuestion.set(undefined)
  }
}

/** In a window of its own, so that this page stays as it is with what was typed. */
async function ask(at: SignIn): Promise<string> {
  // Before the click: a browser opens windows only at once.
  const begun = await beginning(at, windowPrefix)
  const answer = await new Promise<URLSearchParams>((resolve, reject) => {
    const listen = ({ data }: MessageEvent<unknown>): void => {
      if (!isRecord(data) || data.type !== 'answer' || typeof data.answer !== 'string') return
      const given = new URLSearchParams(data.answer)
      if (given.get('state') !== begun.state) return
      channel.removeEventListener('message', listen)
      resolve(given)
    }
    channel.addEventListener('message', listen)
    sessionQuestion.set({
      open: () => window.open(begun.address, 'muniment-sign-in', 'popup,width=620,height=760') !== null,
      leave() {
        channel.removeEventListener('message', listen)
        reject(new SessionEnded())
      },
    })
  })
  const before = tokens && subjectOf(tokens)
  const given = await redeem(at, codeOf(at, answer), begun.verifier)
  if (before !== undefined && subjectOf(given) !== before) {
    // Somebody else: nothing of what the first one looked at and typed is theirs.
    forget('/')
    return new Promise(() => {})
  }
  tokens = given
  return given.access
}

const forgetting = new Set<() => void>()
/** Called before what was shown has to go. */
export function onForget(act: () => void): void {
  forgetting.add(act)
}

function forget(next = '/signed-out'): void {
  tokens = undefined
  // What one works for may name a person.
  sessionStorage.clear()
  for (const act of forgetting) act()
  location.replace(next)
}

/** Ends the session here, in the other tabs and at the provider. */
export function signOut(): void {
  const address = signIn && endAddress(signIn, tokens)
  tell({ type: 'signed-out' })
  forget(address)
}
