/** Milliseconds of the quickest of some runs: what the code takes, however busy the machine is. */
export async function quickest(work: () => unknown, runs = 100): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < runs; run += 1) {
    const began = performance.now()
    await work()
    least = Math.min(least, performance.now() - began)
  }
  return least
}
