/** `/sign-in.json`, one of the application's files: where to sign in. Addresses are absolute. */
export interface SignIn {
  issuer: string
  clientId: string
  scope: string
  /** What access tokens are for. */
  audience: string
  /** Whether the sample people are who signs in. */
  demonstration: boolean
  /** The address under which the application is known to the provider. */
  origin: string
  authorization: string
  token: string
  endSession?: string
}
