// Hours that were changed and not saved: kept while the tab lives.
import { useEffect } from 'react'
import type { Hours } from '../../server/journey/times/hours-view.ts'

const draftKey = 'presence.hours'

/**
 * What was changed and not saved when the page was left; undefined where the saved hours changed meanwhile.
 */
export function readDraft(saved: Hours): Hours | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(draftKey) ?? 'null') as {
      saved: Hours
      draft: Hours
    } | null
    return kept && JSON.stringify(kept.saved) === JSON.stringify(saved) ? kept.draft : undefined
  } catch {
    return undefined
  }
}

/** Unsaved hours are kept for the next look at this page, and closing the tab asks first. */
export function useUnsaved(draft: Hours | undefined, saved: Hours): void {
  const text = draft && JSON.stringify({ saved, draft })
  useEffect(() => {
    try {
      if (text === undefined) sessionStorage.removeItem(draftKey)
      else sessionStorage.setItem(draftKey, text)
    } catch {
      // Storage is blocked: the question before the tab closes is all there is.
    }
    if (text === undefined) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [text])
}
