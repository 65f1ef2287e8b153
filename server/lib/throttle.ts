// A throttle: many calls for one thing become few.

/**
 * Runs `act` on the first call, and once more for all calls that came meanwhile, with `restMs` between two
 * runs. `act` must not throw.
 */
export function throttle(act: () => Promise<void>, restMs: number): () => void {
  let isWanted = false
  let isUnderWay = false
  const run = async () => {
    isWanted = false
    isUnderWay = true
    await act()
    setTimeout(() => {
      isUnderWay = false
      if (isWanted) void run()
    }, restMs)
  }
  return () => {
    isWanted = true
    if (!isUnderWay) void run()
  }
}
