/**
 * What may go wrong with a call. `loseRequest`: nothing is done, the connection is cut; `loseReply`: it is done, then the connection is
 * cut; `late`: the connection is cut, and it is done when the next call comes; `echo`: something on the way sends it twice and gives the
 * second answer; `hang`: it is done, and no answer comes; `error`: it is refused; `errorAfter`: it is done and an error is told;
 * `errorIn200`: it is not done, and the error comes with status 200; `cut`: the body ends after `bytes`.
 */
export type Fault = { operation: string; times?: number } & (
  | { kind: 'loseRequest' | 'loseReply' | 'late' | 'echo' | 'hang' }
  | { kind: 'error' | 'errorAfter' | 'errorIn200'; status: number; code: string }
  | { kind: 'cut'; bytes: number }
)

export function createFaults() {
  const waiting: { fault: Fault; left: number }[] = []
  return {
    add(fault: Fault) {
      waiting.push({ fault, left: fault.times ?? 1 })
    },
    take(operation: string): Fault | undefined {
      const found = waiting.find(({ fault, left }) => left > 0 && fault.operation === operation)
      if (found) found.left--
      return found?.fault
    },
    left: () => waiting.reduce((sum, { left }) => sum + left, 0),
    clear: () => waiting.splice(0),
  }
}
