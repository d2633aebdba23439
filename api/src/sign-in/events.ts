import type { Person } from '@muniment/archive/identity/port'

/** What happened at the embedded provider, and which sessions of another one were seen here. `person` is absent where a refusal named nobody who exists. */
export type SignInEvent =
  | { action: 'sign-in'; person: Person; issuer: string }
  | { action: 'sign-in' | 'sign-out'; person: Person }
  | { action: 'refusal'; person?: Person; reason: 'password' | 'slowed-down' }

/** Awaited: where it rejects, a sign-in does not happen. */
export type OnSignInEvent = (event: SignInEvent) => Promise<void>
