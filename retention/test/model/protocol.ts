/**
 * The protocol of destruction, as small as it can be told: an object with two rows that are due, `a` and `b`, of which holds protect `a`; two
 * workers that carry out one run, each of which may die at any step and begin again; two holds that are placed and released. Every storage
 * operation is one step, and any of them may come between any two of another's.
 */
import type { Step } from './explore.ts'

type Decision = 'void' | 'ab' | 'b'

interface Worker {
  at: 'chain' | 'register' | 'decide' | 'look' | 'replace' | 'purge' | 'done' | 'over'
  /** The attempt whose decision it reads, or would write. */
  attempt: number
  /** What the register said: whether `a` is held. */
  held: boolean
}

interface Hold {
  at: 'waits' | 'register' | 'bar' | 'acknowledged' | 'released'
  attempt: number
  /** What its placing was told. */
  told: 'safe' | 'late' | ''
}

export interface State {
  /** By the second person. Nobody carries out a run before, and holds bar nothing of one. */
  approved: boolean
  /** Holds that stand, by the register. */
  standing: boolean[]
  decisions: Decision[]
  /** As the load wrote it, or as a decision says. */
  object: 'whole' | 'ab' | 'b'
  /** An older version is left that has the rows. */
  older: boolean
  done: boolean
  workers: Worker[]
  holds: Hold[]
  /** Deaths that may still come. */
  deaths: number
}

export interface Form {
  /** Whether a hold that has the register bars decisions that are not there yet. */
  bars: boolean
  /** Whether the register is read when it is known which decision is the next, or before. */
  registerLast: boolean
  /** Whether whoever finds a decision carries out that one, or goes by what it read itself. */
  obeys: boolean
  /** Whether the hold has the register before it bars. */
  registerFirst: boolean
}

export const asBuilt: Form = { bars: true, registerLast: true, obeys: true, registerFirst: true }

export const first = (deaths: number, holds: number): State => ({
  approved: false,
  standing: Array.from({ length: holds }, () => false),
  decisions: [],
  object: 'whole',
  older: false,
  done: false,
  workers: [1, 2].map(() => ({ at: 'chain', attempt: 1, held: false })),
  holds: Array.from({ length: holds }, () => ({ at: 'waits', attempt: 1, told: '' })),
  deaths,
})

const begin: Worker = { at: 'chain', attempt: 1, held: false }
const replaceAt = <T>(items: T[], index: number, item: T) => items.map((each, at) => (at === index ? item : each))

function workerSteps(state: State, index: number, form: Form): Step<State>[] {
  const worker = state.workers[index]
  if (!worker || worker.at === 'over' || !state.approved) return []
  const by = `worker ${index + 1}`
  const go = (does: string, to: Partial<Worker>, change: Partial<State> = {}): Step<State> => ({
    by,
    does,
    to: { ...state, ...change, workers: replaceAt(state.workers, index, { ...worker, ...to }) },
  })
  const standing = state.decisions[worker.attempt - 1]
  const held = state.standing.some(Boolean)
  const own: Decision = worker.held ? 'b' : 'ab'
  switch (worker.at) {
    case 'chain': {
      // The register of a form that reads it too early is read with the first look.
      const early = form.registerLast || worker.attempt > 1 ? {} : { held }
      if (standing === 'void') return [go('finds a void decision', { attempt: worker.attempt + 1, ...early })]
      if (standing) return [go('finds a decision', { at: 'look', ...early })]
      return [go('finds no decision', { at: form.registerLast ? 'register' : 'decide', ...early })]
    }
    case 'register':
      return [go('reads the register', { at: 'decide', held })]
    case 'decide':
      if (standing) return [go('finds that another decided', { at: 'chain' })]
      return [go(`decides ${own}`, { at: 'look', held: false }, { decisions: [...state.decisions, own] })]
    case 'look':
      if (state.done && !state.older) return [go('finds it done', { at: 'over' })]
      if (state.object !== 'whole') return [go('finds it replaced', { at: 'purge' })]
      return [go('finds it whole', { at: 'replace' })]
    case 'replace': {
      const outcome = form.obeys && standing && standing !== 'void' ? standing : own
      if (state.object !== 'whole') return [go('finds it replaced by another', { at: 'look' })]
      return [go(`replaces it without ${outcome}`, { at: 'purge' }, { object: outcome, older: true })]
    }
    case 'purge':
      return [go('removes older versions', { at: 'done' }, { older: false })]
    case 'done':
      return [go('marks it done', { at: 'over', attempt: 1, held: false }, { done: true })]
  }
}

function holdSteps(state: State, index: number, form: Form): Step<State>[] {
  const hold = state.holds[index]
  if (!hold) return []
  const by = `hold ${index + 1}`
  const go = (does: string, to: Partial<Hold>, change: Partial<State> = {}): Step<State> => ({
    by,
    does,
    to: { ...state, ...change, holds: replaceAt(state.holds, index, { ...hold, ...to }) },
  })
  const afterBar = form.registerFirst ? 'acknowledged' : 'register'
  const standing = state.decisions[hold.attempt - 1]
  switch (hold.at) {
    case 'waits':
      return form.registerFirst
        ? [go('enters the register', { at: 'bar' }, { standing: replaceAt(state.standing, index, true) })]
        : [go('begins', { at: 'bar' })]
    case 'register':
      return [go('enters the register', { at: 'acknowledged' }, { standing: replaceAt(state.standing, index, true) })]
    case 'bar':
      if (!form.bars) return [go('is acknowledged', { at: afterBar, told: state.object === 'ab' ? 'late' : 'safe' })]
      if (form.registerFirst && !state.approved)
        return [go('finds that nobody approved', { at: afterBar, told: 'safe' })]
      if (standing === 'void') return [go('finds a void decision', { attempt: hold.attempt + 1 })]
      if (standing) return [go('finds a decision', { at: afterBar, told: standing === 'ab' ? 'late' : 'safe' })]
      return [
        go('voids what nobody decided', { at: afterBar, told: 'safe' }, { decisions: [...state.decisions, 'void'] }),
      ]
    case 'acknowledged':
      return [go('is released', { at: 'released' }, { standing: replaceAt(state.standing, index, false) })]
    case 'released':
      return []
  }
}

/** What may come next. Each worker may die before any of its steps, and begins again from what is stored. */
export const next =
  (form: Form) =>
  (state: State): Step<State>[] => [
    ...(state.approved ? [] : [{ by: 'approver', does: 'approves', to: { ...state, approved: true } }]),
    ...state.workers.flatMap((worker, index) => [
      ...workerSteps(state, index, form),
      ...(state.deaths > 0 && worker.at !== 'over' && state.approved
        ? [
            {
              by: `worker ${index + 1}`,
              does: 'dies',
              to: { ...state, deaths: state.deaths - 1, workers: replaceAt(state.workers, index, begin) },
            },
          ]
        : []),
    ]),
    ...state.holds.flatMap((_, index) => holdSteps(state, index, form)),
  ]

/** An acknowledged hold always wins, unless it was told to be late. */
export function violated(state: State): string | undefined {
  const gone = state.object === 'ab'
  if (gone && state.holds.some(({ at, told }) => at === 'acknowledged' && told === 'safe'))
    return 'a row that an acknowledged hold protects is gone'
  const [decided] = state.decisions.filter((decision) => decision !== 'void')
  if (state.object !== 'whole' && state.object !== decided) return 'the object is not as decided'
  if (state.decisions.slice(0, -1).some((decision) => decision !== 'void')) return 'a decision was followed by another'
  if (state.done && (state.object === 'whole' || state.older)) return 'it is marked as done and is not'
  return undefined
}
