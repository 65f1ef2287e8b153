// The session this tab is in, kept over a reload, so that a phone call or a
// restarted browser does not need another tap.
const key = 'presence.session'

type Visit = { bookingId: string; attempt: number }

export function rememberVisit(visit: Visit | undefined): void {
  if (visit) sessionStorage.setItem(key, JSON.stringify(visit))
  else sessionStorage.removeItem(key)
}

export function wasVisiting({ bookingId, attempt }: Visit): boolean {
  return sessionStorage.getItem(key) === JSON.stringify({ bookingId, attempt })
}
