// Which session this tab is in, kept over a reload: whose phone rang or whose browser restarted is back
// without a tap.
const key = 'presence.session'

type Visit = { bookingId: string; attempt: number }

export function rememberVisit(visit: Visit | undefined): void {
  if (visit) sessionStorage.setItem(key, JSON.stringify(visit))
  else sessionStorage.removeItem(key)
}

export function wasVisiting({ bookingId, attempt }: Visit): boolean {
  return sessionStorage.getItem(key) === JSON.stringify({ bookingId, attempt })
}
