// The session this tab is in, kept over a reload, so that a phone call or a
// restarted browser does not need another tap.
import { tabStorage } from '../api/browser-storage.ts'

const key = 'presence.session'

type Visit = { bookingId: string; attempt: number }

export function rememberVisit(visit: Visit | undefined): void {
  tabStorage.set(key, visit ? JSON.stringify(visit) : null)
}

export function wasVisiting({ bookingId, attempt }: Visit): boolean {
  return tabStorage.get(key) === JSON.stringify({ bookingId, attempt })
}
