// Many calls for one thing become few: what is asked for while it is done is done once more afterwards.

/**
 * Does `act` at once, and again for whatever asked meanwhile, with `restMs` between. `act` must not throw.
 */
export function throttle(act: () => Promise<void>, restMs: number): () => void {
  let isWanted = false
  let isUnderWay = false
  const run = async () => {
    isUnderWay = true
    while (isWanted) {
      isWanted = false
      await act()
      await new Promise((resolve) => setTimeout(resolve, restMs))
    }
    isUnderWay = false
  }
  return () => {
    isWanted = true
    if (!isUnderWay) void run()
  }
}
