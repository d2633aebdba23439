/** What a deployment does to the world and asks of it; tests put something of their own in its place. */
export interface Command {
  readonly program: 'cdk' | 'npm' | 'muniment'
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface Account {
  readonly account: string
  readonly region: string
}

export interface Edge {
  /** Resolves with the exit code; what the program says goes to the terminal. */
  run(command: Command): Promise<number>
  /** Commit that is checked out, and whether something differs from it; undefined outside of git. */
  commit(): Promise<{ readonly id: string; readonly changed: boolean } | undefined>
  /** Whose the credentials at hand are. Throws where there are none, or none that AWS takes. */
  account(region: string | undefined): Promise<Account>
  /** Version of the CDK's own stack there; undefined where it is missing. */
  bootstrapped(at: Account): Promise<number | undefined>
  /** Undefined where nobody can be asked. */
  ask(question: string): Promise<boolean | undefined>
  /** What the CDK wrote. */
  outputs(file: string): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>>
  write(file: string, text: string): Promise<void>
  say(line: string): void
}
