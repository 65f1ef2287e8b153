// A throttle: many calls for one thing become few.

/**
 * Runs `act` on the first call, and once more for all calls that came meanwhile, with `restMs` between two
 * runs. An `act` that fails is said and does not stop the next.
 */
export function throttle(act: () => Promise<void>, restMs: number): () => void {
  let isWanted = false
  let isUnderWay = false
  const run = async () => {
    isWanted = false
    isUnderWay = true
    await act().catch((error: unknown) => console.warn('What is throttled has failed:', error))
    setTimeout(() => {
      isUnderWay = false
      if (isWanted) start()
    }, restMs)
  }
  const start = () => {
    run().catch(() => undefined)
  }
  return () => {
    isWanted = true
    if (!isUnderWay) start()
  }
}
