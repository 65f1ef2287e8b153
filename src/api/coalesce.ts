// Many wishes for the same answer become few questions, and the last wish is never answered from before it.

/** Asks at once; wishes during a question become one more question after it. `ask` may fail. */
export function coalesce(ask: () => Promise<unknown>): () => void {
  let isAsking = false
  let isWantedAgain = false
  return function wish() {
    isWantedAgain = isAsking
    if (isAsking) return
    isAsking = true
    const settle = () => {
      isAsking = false
      if (isWantedAgain) wish()
    }
    ask().then(settle, settle)
  }
}
