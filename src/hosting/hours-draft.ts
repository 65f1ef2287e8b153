// Hours that were changed and not saved: kept while the tab lives.
import { useEffect } from 'react'
import type { Hours } from '../../server/journey/times/hours-view.ts'
import { tabStorage } from '../api/browser-storage.ts'

const draftKey = 'presence.hours'

/**
 * What was changed and not saved when the page was left; undefined where the saved hours changed meanwhile.
 */
export function readDraft(saved: Hours): Hours | undefined {
  const kept = JSON.parse(tabStorage.get(draftKey) ?? 'null') as { saved: Hours; draft: Hours } | null
  return kept && JSON.stringify(kept.saved) === JSON.stringify(saved) ? kept.draft : undefined
}

/** Unsaved hours are kept for the next look at this page, and closing the tab asks first. */
export function useUnsaved(draft: Hours | undefined, saved: Hours): void {
  const text = draft && JSON.stringify({ saved, draft })
  useEffect(() => {
    tabStorage.set(draftKey, text ?? null)
    if (text === undefined) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [text])
}
