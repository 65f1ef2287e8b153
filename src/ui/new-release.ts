// After a release an open page may ask for a chunk that the server no longer has: one reload gets the new
// release.
import { tabStorage } from '../api/browser-storage.ts'

const key = 'presence.reloadedAt'
const againAfterMs = 30_000

let calls = 0

/** Says that a call has begun; the answer says that it is over. Nothing reloads the page meanwhile. */
export function beginCall(): () => void {
  calls += 1
  return () => void (calls -= 1)
}

/** Reloads once where a chunk is missing; never within a call, nor offline, where nothing would come back. */
export function reloadForNewRelease(): void {
  window.addEventListener('vite:preloadError', (event) => {
    if (calls > 0 || navigator.onLine === false || hasJustReloaded()) return
    tabStorage.set(key, String(Date.now()))
    event.preventDefault()
    window.location.reload()
  })
}

function hasJustReloaded(): boolean {
  if (tabStorage.isLasting()) return Date.now() - Number(tabStorage.get(key) ?? 0) < againAfterMs
  const [visit] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  return visit?.type === 'reload' && performance.now() < againAfterMs
}
