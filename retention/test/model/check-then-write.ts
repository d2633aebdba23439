/**
 * The form that destruction must not have: a worker looks into the register and then writes, and a hold waits until nobody is at work. There
 * is no decision that both have to agree on. Kept so that the model is known to find what is wrong with it.
 */
import type { Step } from './explore.ts'

interface Worker {
  at: 'claim' | 'check' | 'look' | 'write' | 'leave' | 'over'
  held: boolean
  /** The object's content when it looked: what its If-Match goes by. */
  saw: number
}

export interface State {
  held: boolean
  /** Row `a` is there. */
  row: boolean
  content: number
  /** Workers that say that they are at work: one mark for all, or the one worker that has the lease. */
  claim: '' | 'shared' | 'worker 1' | 'worker 2'
  workers: Worker[]
  hold: 'waits' | 'looks' | 'safe' | 'late'
}

export type Claim = 'shared' | 'lease'

export const first: State = {
  held: false,
  row: true,
  content: 0,
  claim: '',
  workers: [1, 2].map(() => ({ at: 'claim', held: false, saw: 0 })),
  hold: 'waits',
}

const replaceAt = <T>(items: T[], index: number, item: T) => items.map((each, at) => (at === index ? item : each))

export const next =
  (kind: Claim) =>
  (state: State): Step<State>[] => [
    ...state.workers.flatMap((worker, index): Step<State>[] => {
      const by = index === 0 ? 'worker 1' : 'worker 2'
      const go = (does: string, to: Partial<Worker>, change: Partial<State> = {}): Step<State>[] => [
        { by, does, to: { ...state, ...change, workers: replaceAt(state.workers, index, { ...worker, ...to }) } },
      ]
      switch (worker.at) {
        case 'claim':
          if (kind === 'shared') return go('says that it is at work', { at: 'check' }, { claim: 'shared' })
          // A lease whose owner seems to be dead is taken over: it may only be slow.
          return go(state.claim === '' ? 'takes the lease' : 'takes the lease over', { at: 'check' }, { claim: by })
        case 'check':
          return go('reads the register', { at: 'look', held: state.held })
        case 'look':
          return go('reads the object', { at: worker.held ? 'leave' : 'write', saw: state.content })
        case 'write':
          if (state.content !== worker.saw) return go('finds it changed', { at: 'look' })
          return go('replaces the object', { at: 'leave' }, { row: false, content: state.content + 1 })
        case 'leave':
          if (kind === 'lease' && state.claim !== by) return go('finds the lease taken over', { at: 'over' })
          return go('has finished', { at: 'over' }, { claim: '' })
        default:
          return []
      }
    }),
    ...((): Step<State>[] => {
      const go = (does: string, change: Partial<State>): Step<State>[] => [
        { by: 'hold', does, to: { ...state, ...change } },
      ]
      if (state.hold === 'waits') return go('enters the register', { held: true, hold: 'looks' })
      // While somebody is at work it waits.
      if (state.hold !== 'looks' || state.claim !== '') return []
      return go('is acknowledged', { hold: state.row ? 'safe' : 'late' })
    })(),
  ]

export const violated = (state: State): string | undefined =>
  state.hold === 'safe' && !state.row ? 'a row that an acknowledged hold protects is gone' : undefined
