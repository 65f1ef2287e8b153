// localStorage and sessionStorage where the browser allows them. A browser that blocks them throws at the
// first look; then this tab remembers by itself until it is closed.

export type Kept = {
  get: (key: string) => string | null
  /** Keeps the value; null forgets it. */
  set: (key: string, value: string | null) => void
  /** Whether the browser keeps anything over a reload. */
  isLasting: () => boolean
}

function open(find: () => Storage): Kept {
  const own = new Map<string, string>()
  return {
    get: (key) => own.get(key) ?? attempt(() => find().getItem(key)) ?? null,
    set(key, value) {
      own.delete(key)
      const isKept = attempt(() => {
        if (value === null) find().removeItem(key)
        else find().setItem(key, value)
        return true
      })
      // Blocked, or full, as it always is in some private windows.
      if (!isKept && value !== null) own.set(key, value)
    },
    isLasting: () => attempt(() => find().getItem('') === null) ?? false,
  }
}

function attempt<Value>(act: () => Value): Value | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}

export const browserStorage = open(() => globalThis.localStorage)
export const tabStorage = open(() => globalThis.sessionStorage)
