/** Who is asking. Until sign-in exists the embedded setting knows one local person. */
export interface Person {
  id: string
  name: string
  groups: string[]
}

export interface Identity {
  /** Undefined when the request carries no valid proof of who it is from. */
  authenticate(request: Request): Promise<Person | undefined>
}
