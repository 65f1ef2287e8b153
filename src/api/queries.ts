// The pages' queries by name. The first part of every key is the live topic
// that makes it stale (see live.ts).
import { keepPreviousData, onlineManager, QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import { api, type SlotsOf } from './api.ts'
import { ApiProblem } from './request.ts'
import { correctClock } from '../words/clock.ts'
import { browserZone } from '../words/format.ts'

if (navigator.onLine === false) onlineManager.setOnline(false)

/** Refusals are not retried, nor anything while offline; other failures may pass. */
function isWorthRetrying(failures: number, error: Error): boolean {
  const isRefused = error instanceof ApiProblem && error.status >= 400 && error.status < 500
  return failures < 2 && !isRefused && navigator.onLine !== false
}

// Offline, a request fails at once and its page says so; everything is refetched on reconnection.
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, networkMode: 'always', refetchOnReconnect: true, retry: isWorthRetrying },
    mutations: { networkMode: 'always' },
  },
})

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  async queryFn() {
    const sentAt = Date.now()
    const settings = await api.settings()
    correctClock(settings.serverNow, sentAt, Date.now())
    return settings
  },
})

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: api.me, staleTime: 300_000 })
export const plansQuery = queryOptions({ queryKey: ['plans'], queryFn: api.plans, staleTime: 600_000 })
export const consentsQuery = queryOptions({ queryKey: ['me', 'consents'], queryFn: api.consents })
export const deletionQuery = queryOptions({ queryKey: ['me', 'deletion'], queryFn: api.deletion })
export const signInsQuery = queryOptions({ queryKey: ['me', 'sign-ins'], queryFn: api.signIns })
export const messageKindsQuery = queryOptions({ queryKey: ['me', 'messages'], queryFn: api.messageKinds })
export const documentQuery = (name: string) =>
  queryOptions({ queryKey: ['documents', name], queryFn: () => api.document(name), staleTime: 600_000 })
export const helpQuery = queryOptions({ queryKey: ['help'], queryFn: api.help, staleTime: 600_000 })
export const bookingsQuery = queryOptions({ queryKey: ['bookings'], queryFn: api.bookings })
export const likesQuery = queryOptions({ queryKey: ['likes'], queryFn: api.likes })
export const hostHomeQuery = queryOptions({ queryKey: ['host'], queryFn: api.hostHome })
export const hoursQuery = queryOptions({ queryKey: ['host', 'hours'], queryFn: api.hours })
export const calendarsQuery = queryOptions({ queryKey: ['host', 'calendars'], queryFn: api.calendars })
export const calcomQuery = queryOptions({ queryKey: ['host', 'calcom'], queryFn: api.calcom })
export const managedQuery = (token: string) =>
  queryOptions({ queryKey: ['managed', token], queryFn: () => api.managed(token) })
export const feedQuery = queryOptions({ queryKey: ['feed'], queryFn: api.feed, staleTime: 300_000 })
export const earningsQuery = queryOptions({ queryKey: ['host', 'earnings'], queryFn: api.earnings })
const askEveryMs = 2500
/** A purchase, polled until it is decided, because a live update may be lost. */
export const purchaseQuery = (id: string) =>
  queryOptions({
    queryKey: ['purchases', id],
    queryFn: () => api.purchase(id),
    enabled: id !== '',
    refetchInterval: ({ state }) => (state.data && state.data.status !== 'open' ? false : askEveryMs),
  })
export const receiptQuery = (purchaseId: string) =>
  queryOptions({ queryKey: ['purchases', purchaseId, 'receipt'], queryFn: () => api.receipt(purchaseId) })
export const foundPurchasesQuery = (wanted: string) =>
  queryOptions({
    queryKey: ['ops', 'purchases', wanted],
    queryFn: ({ signal }) => api.findPurchases(wanted, signal),
    placeholderData: keepPreviousData,
  })
export const purchaseFileQuery = (id: string) =>
  queryOptions({ queryKey: ['ops', 'purchase', id], queryFn: () => api.purchaseFile(id) })
export const connectionsQuery = queryOptions({ queryKey: ['ops', 'connections'], queryFn: api.connections })
export const blocksQuery = queryOptions({ queryKey: ['ops', 'blocks'], queryFn: api.blocks })
export const opsQuery = queryOptions({ queryKey: ['ops'], queryFn: api.ops })

export const bookingQuery = (id: string) =>
  queryOptions({ queryKey: ['bookings', id], queryFn: () => api.booking(id) })
export const ratingsQuery = (id: string) =>
  queryOptions({ queryKey: ['bookings', id, 'ratings'], queryFn: () => api.ratings(id) })
export const receivedQuery = (as: 'member' | 'host') =>
  queryOptions({
    queryKey: [as === 'host' ? 'host' : 'bookings', 'received', as],
    queryFn: () => api.received(as),
  })
export const hostQuery = (id: string) =>
  queryOptions({ queryKey: ['hosts', 'one', id], queryFn: () => api.host(id), enabled: id !== '' })
export const promptsQuery = (id: string) =>
  queryOptions({ queryKey: ['prompts', id], queryFn: () => api.prompts(id), staleTime: 600_000 })

export const slotsQuery = (asked: SlotsOf, from: Date, to: Date, timeZone: string) =>
  queryOptions({
    queryKey: ['slots', asked, from.toISOString(), to.toISOString(), timeZone],
    queryFn: ({ signal }) => api.slots(asked, from, to, timeZone, signal),
    staleTime: 20_000,
    // A page may stay open for hours, and must show what others have booked meanwhile.
    refetchInterval: 45_000,
    refetchOnWindowFocus: true,
    placeholderData: keepPreviousData,
  })

export function useMe() {
  return useQuery(meQuery)
}

/** The zone in which every time is shown: the member's own, or the browser's for a visitor. */
export function useZone(): string {
  const { data } = useMe()
  return data?.member?.timeZone || browserZone()
}
