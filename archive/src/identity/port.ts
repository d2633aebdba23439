/** Who is asking, as a verified token says it. */
export interface Person {
  id: string
  name: string
  groups: string[]
  /** Records that are about the person themself, as `application:table:key` (columns of the key joined by commas). */
  records?: string[]
}

export interface Identity {
  /**
   * Undefined when the request carries no valid proof of who it is from. Throws IdentityUnavailableError where that cannot be
   * told now.
   */
  authenticate(request: Request): Promise<Person | undefined>
}
