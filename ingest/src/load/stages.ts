/** Points between the steps of a load at which a test can look, interfere or stop it. */
export type Stage =
  | 'hashed'
  | 'prepared'
  | 'measured'
  | 'written'
  | 'verified'
  | 'referenced'
  | 'listed'
  | 'placing'
  | 'placed'
  | 'reported'
  | 'sealed'
  | 'committed'

export interface StageContext {
  table?: string
  /** Files that the step that ended made, or that the next one reads. */
  paths: string[]
}

export type ReachStage = (stage: Stage, context: StageContext) => Promise<void>
