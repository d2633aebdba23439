/** Who is asking, as a verified token says it. */
export interface Person {
  id: string
  name: string
  groups: string[]
}

export interface Identity {
  /**
   * Undefined when the request carries no valid proof of who it is from. Throws IdentityUnavailableError where that cannot be
   * told now.
   */
  authenticate(request: Request): Promise<Person | undefined>
}
