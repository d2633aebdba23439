/** What the service documents as quotas, so that tests can lower them. Times in ms, rates per second. */
export interface Settings {
  startRate: number
  startBurst: number
  getRate: number
  getBurst: number
  otherRate: number
  otherBurst: number
  /** Queued and running ones together. */
  activeDml: number
  activeDdl: number
  /** What the engine is given at once; the rest is QUEUED. */
  runningAtOnce: number
  queryBytes: number
  dmlTimeoutMs: number
  /** The service accepts no lower cut-off of a workgroup. */
  minimumCutoffBytes: number
}

export const documentedSettings: Settings = {
  startRate: 20,
  startBurst: 80,
  getRate: 100,
  getBurst: 200,
  otherRate: 20,
  otherBurst: 80,
  activeDml: 25,
  activeDdl: 20,
  runningAtOnce: 4,
  queryBytes: 262_144,
  dmlTimeoutMs: 30 * 60_000,
  minimumCutoffBytes: 10_000_000,
}

/** Applies what is known and a number; throws a sentence about the rest. */
export function changeSettings(settings: Settings, changes: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(changes)) {
    if (!(name in documentedSettings)) throw new TypeError(`There is no setting ${name}.`)
    if (typeof value !== 'number' || !(value >= 0)) throw new TypeError(`${name} must be a number, 0 or more.`)
    settings[name as keyof Settings] = value
  }
}
