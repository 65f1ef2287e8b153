// Every request of the pages, as typed functions.
import type { Booking, Bookings, Managed } from '../../server/journey/bookings/booking-view.ts'
import type { Feed } from '../../server/journey/bookings/feed-view.ts'
import type { Host, HostPage } from '../../server/journey/hosts/host-view.ts'
import type { LikeAnswer, Likes } from '../../server/journey/hosts/likes-view.ts'
import type { ReceivedRatings, SessionRatings } from '../../server/journey/ratings/rating-view.ts'
import type { JoinAnswer, RoomPresence } from '../../server/journey/rooms/room-view.ts'
import type { VisitAnswer } from '../../server/journey/rooms/visit-view.ts'
import type { ReservedTime, Slots } from '../../server/journey/times/free-times-view.ts'
import type { Hours, Preview } from '../../server/journey/times/hours-view.ts'
import type { CalendarColor } from '../../server/journey/times/calendar.ts'
import type { Calcom } from '../../server/journey/times/calcom-view.ts'
import type { ImportedCalendar } from '../../server/journey/times/imported-calendars-view.ts'
import type { Settings } from '../../server/http/settings-view.ts'
import type { Me } from '../../server/journey/members/member-view.ts'
import type { Saved } from '../../server/journey/members/saved-view.ts'
import type { Deletion } from '../../server/journey/privacy/deletion-view.ts'
import type { SignIns } from '../../server/journey/privacy/sign-in-view.ts'
import type { MessageKinds } from '../../server/journey/messages/message-kinds-view.ts'
import type { Help } from '../../server/journey/messages/help-view.ts'
import type { Prompts } from '../../server/journey/messages/prompts-view.ts'
import type { FoundPurchases } from '../../server/journey/operations/found-purchases-view.ts'
import type { Consents, LegalDocument } from '../../server/journey/members/consents-view.ts'
import type { Blocks } from '../../server/journey/operations/blocks-view.ts'
import type { Connections } from '../../server/journey/connections/connections-view.ts'
import type { Operations } from '../../server/journey/operations/operations-view.ts'
import type { PurchaseFile } from '../../server/journey/operations/purchase-file-view.ts'
import type { Decision } from '../../server/journey/operations/task.ts'
import type { Earnings } from '../../server/journey/payouts/earnings-view.ts'
import type { HostDashboard } from '../../server/journey/payouts/host-dashboard-view.ts'
import type { CanBePaid, StripePage } from '../../server/journey/payouts/onboarding-view.ts'
import type { Plans } from '../../server/journey/plans/plan-view.ts'
import type { PlanType } from '../../server/journey/plans/plan.ts'
import type { Checkout, Purchase } from '../../server/journey/purchases/purchase-view.ts'
import type { Receipt } from '../../server/journey/purchases/receipt-view.ts'
import type { Refund } from '../../server/journey/refunds/refund-view.ts'
import { browserStorage } from './browser-storage.ts'
import { ApiProblem, get, post, query, request } from './request.ts'

// The sign-in is in a cookie that no script can read; this only says whether asking for it makes sense.
const signedInKey = 'presence.isSignedIn'
const mayBeSignedIn = () => browserStorage.get(signedInKey) !== null
const rememberSignedIn = (isSignedIn: boolean) => browserStorage.set(signedInKey, isSignedIn ? 'yes' : null)

/** A broken connection may stay silent for minutes; a page in a room gives up sooner and asks again. */
const lineMs = 12_000

const booking = (id: string) => `/api/bookings/${encodeURIComponent(id)}`
const visit = (id: string, visitId: string) => `${booking(id)}/visits/${encodeURIComponent(visitId)}`
const host = (id: string) => `/api/hosts/${encodeURIComponent(id)}`
const managed = (token: string) => `/api/manage/${encodeURIComponent(token)}`

/** A session, by its id for whoever is signed in, or by the link of an SMS. */
export type SessionRef = { bookingId: string } | { token: string }
const referred = (about: SessionRef) => ('token' in about ? managed(about.token) : booking(about.bookingId))

/** The calendar to ask for free times. The booking given does not block its own time. */
export type SlotsOf = { hostId: string; bookingId?: string } | { token: string }

export const api = {
  settings: () => get<Settings>('/api/settings'),

  /** Null for a visitor. Where no sign-in is known, asks for the session first, which is never refused. */
  async me(): Promise<Me | null> {
    try {
      if (!mayBeSignedIn() && (await get<unknown>('/api/auth/get-session')) === null) return null
      const me = await get<Me>('/api/me')
      rememberSignedIn(true)
      return me
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 401)) throw error
      rememberSignedIn(false)
      return null
    }
  },
  updateMe: (change: { fullName?: string; timeZone?: string; email?: string }) =>
    request<Saved>('PATCH', '/api/me', change),
  sendCode: (phoneNumber: string) => post<unknown>('/api/auth/phone-number/send-otp', { phoneNumber }),
  verifyCode: (phoneNumber: string, code: string) =>
    post<unknown>('/api/auth/phone-number/verify', { phoneNumber, code }),
  /** A code to one's own phone, to confirm what one is about to do. */
  sendOwnCode: () => post<Saved>('/api/me/code'),
  deletion: () => get<Deletion>('/api/me/deletion'),
  async deleteAccount(code: string) {
    const answer = await post<{ dueAt: string }>('/api/me/deletion', { code })
    rememberSignedIn(false)
    return answer
  },
  confirmHostNumber: (code: string) => post<Saved>('/api/me/host-number', { code }),
  undoDeletion: () => post<Saved>('/api/me/deletion/undo'),
  startNumberChange: (mobileNumber: string) => post<Saved>('/api/me/number', { mobileNumber }),
  confirmNumberChange: (codes: { oldCode: string; newCode: string }) =>
    post<Saved>('/api/me/number/confirm', codes),
  signIns: async () => (await get<SignIns>('/api/me/sign-ins')).signIns,
  endSignIn: (id: string) => request<Saved>('DELETE', `/api/me/sign-ins/${encodeURIComponent(id)}`),
  messageKinds: async () => (await get<MessageKinds>('/api/message-kinds')).kinds,
  ownFileUrl: (form: 'json' | 'html') => `/api/me/data.${form}`,
  async signOutEverywhere() {
    await post<Saved>('/api/me/sign-out-everywhere')
    rememberSignedIn(false)
  },
  async signOut() {
    await post<unknown>('/api/auth/sign-out')
    rememberSignedIn(false)
  },

  consents: () => get<Consents>('/api/consents'),
  agree: (agreed: { document: string; version: string }[], marketing?: boolean) =>
    post<unknown>('/api/consents', { agreed, ...(marketing === undefined ? {} : { marketing }) }),
  document: (name: string) => get<LegalDocument>(`/api/documents/${encodeURIComponent(name)}`),
  contact: (text: string, replyTo: string) => post<unknown>('/api/contact', { text, replyTo }),
  help: async () => (await get<Help>('/api/help')).prompts,
  plans: async () => (await get<Plans>('/api/plans')).plans,
  hosts: (
    filter: { q?: string; tags?: string; first?: string; cursor?: string; limit?: number; sort?: string },
    signal?: AbortSignal,
  ) => get<HostPage>(`/api/hosts${query({ ...filter, limit: filter.limit?.toString() })}`, signal),
  host: (id: string) => get<Host>(host(id)),
  slots: (asked: SlotsOf, from: Date, to: Date, timeZone: string, signal?: AbortSignal) => {
    const path = 'token' in asked ? `${managed(asked.token)}/slots` : `${host(asked.hostId)}/slots`
    const looking = 'token' in asked ? undefined : asked.bookingId
    return get<Slots>(
      `${path}${query({ from: from.toISOString(), to: to.toISOString(), timeZone, for: looking })}`,
      signal,
    )
  },
  likeHost: (id: string) => post<LikeAnswer>(`${host(id)}/like`),
  unlikeHost: (id: string) => request<LikeAnswer>('DELETE', `${host(id)}/like`),
  likes: async () => (await get<Likes>('/api/likes')).likes,
  likesSeen: () => post<unknown>('/api/likes/seen'),

  checkout: (plan: PlanType, hostId: string) => post<Checkout>('/api/checkout', { plan, hostId }),
  purchase: (id: string) => get<Purchase>(`/api/purchases/${encodeURIComponent(id)}`),
  receipt: (purchaseId: string) => get<Receipt>(`/api/purchases/${encodeURIComponent(purchaseId)}/receipt`),

  bookings: () => get<Bookings>('/api/bookings'),
  booking: (id: string) => get<Booking>(booking(id)),
  schedule: (bookingId: string, hostId: string, start: string) =>
    post<Booking>('/functions/v1/calcom-create-booking', { bookingId, hostId, start }),
  reschedule: (id: string, start: string) => post<Booking>(`${booking(id)}/reschedule`, { start }),
  /** Reserves a start while it is being confirmed. */
  reserve: (id: string, hostId: string, start: string) =>
    post<ReservedTime>(`${booking(id)}/reserve`, { hostId, start }),
  /** Also works while the page is being closed. */
  letGo(id: string) {
    void fetch(`${booking(id)}/reserve`, {
      method: 'DELETE',
      credentials: 'same-origin',
      keepalive: true,
    }).catch(() => undefined)
  },
  managed: (token: string) => get<Managed>(managed(token)),
  moveManaged: (token: string, start: string) => post<Managed>(`${managed(token)}/reschedule`, { start }),
  cancelManaged: (token: string) => post<unknown>(`${managed(token)}/cancel`),
  managedFileUrl: (token: string) => `${managed(token)}/calendar.ics`,
  feed: () => get<Feed>('/api/calendar-feed'),
  makeFeed: () => post<Feed>('/api/calendar-feed'),
  stopFeed: () => request<Feed>('DELETE', '/api/calendar-feed'),
  cancel: (id: string) => post<Booking>(`${booking(id)}/cancel`),
  refund: (id: string) => post<Booking>(`${booking(id)}/refund`),
  join: (id: string) => post<JoinAnswer>(`${booking(id)}/join`),
  /** Reports that this page is in the room, and answers the other side's signals. */
  keepVisit: (id: string, visitId: string, after: number) =>
    request<VisitAnswer>('POST', visit(id, visitId), { after }, AbortSignal.timeout(lineMs)),
  tell: (id: string, visitId: string, to: string, signals: { number: number; body: object }[]) =>
    request<unknown>('POST', `${visit(id, visitId)}/signals`, { to, signals }, AbortSignal.timeout(lineMs)),
  /** Also works while the page is being closed. */
  async endVisit(id: string, visitId: string) {
    const body = JSON.stringify({ isLeaving: true })
    const headers = { 'content-type': 'application/json' }
    await fetch(visit(id, visitId), {
      method: 'POST',
      credentials: 'same-origin',
      keepalive: true,
      headers,
      body,
    }).catch(() => undefined)
  },
  leave: (id: string) => post<unknown>(`${booking(id)}/leave`),
  complete: (id: string) => post<unknown>(`${booking(id)}/complete`),
  reflect: (id: string, text: string) => post<unknown>(`${booking(id)}/reflection`, { text }),
  report: (about: SessionRef, text: string, endsSession: boolean) =>
    post<unknown>(`${referred(about)}/report`, { text, endsSession }),
  block: (about: SessionRef) => post<unknown>(`${referred(about)}/block`),
  blockHost: (id: string) => post<unknown>(`${host(id)}/block`),
  blockMember: (id: string) => post<unknown>(`/api/host/members/${encodeURIComponent(id)}/block`),
  rate: (id: string, stars: number, tags: string[]) =>
    post<unknown>(`${booking(id)}/rating`, { stars, tags }),
  ratings: (id: string) => get<SessionRatings>(`${booking(id)}/rating`),
  received: (as: 'member' | 'host') =>
    get<ReceivedRatings>(as === 'host' ? '/api/host/ratings' : '/api/ratings'),
  prompts: (id: string) => get<Prompts>(`${booking(id)}/prompts`),
  presence: (id: string) => get<RoomPresence>(`${booking(id)}/presence`),
  calendarFileUrl: (id: string) => `${booking(id)}/calendar.ics`,

  hostHome: () => get<HostDashboard>('/api/host'),
  hours: () => get<Hours>('/api/host/hours'),
  saveHours: ({ calendar: _calendar, ...hours }: Hours) => request<unknown>('PUT', '/api/host/hours', hours),
  previewHours: ({ calendar: _calendar, ...hours }: Hours) => post<Preview>('/api/host/hours/preview', hours),
  calcom: () => get<Calcom>('/api/host/calcom'),
  connectCalcom: (apiKey: string) => request<Calcom>('PUT', '/api/host/calcom', { apiKey }),
  leaveCalcom: () => request<Calcom>('DELETE', '/api/host/calcom'),
  calendars: async () => (await get<{ calendars: ImportedCalendar[] }>('/api/host/calendars')).calendars,
  addCalendar: (address: string) => post<unknown>('/api/host/calendars', { address }),
  readCalendar: (id: string) => post<unknown>(`/api/host/calendars/${encodeURIComponent(id)}/read`),
  changeCalendar: ({ id, ...changes }: { id: string; name?: string; color?: CalendarColor }) =>
    request<unknown>('PATCH', `/api/host/calendars/${encodeURIComponent(id)}`, changes),
  removeCalendar: (id: string) => request<unknown>('DELETE', `/api/host/calendars/${encodeURIComponent(id)}`),
  moveAsHost: (id: string, start: string) =>
    post<Booking>(`/api/host/bookings/${encodeURIComponent(id)}/reschedule`, { start }),
  likeMember: (id: string) => post<LikeAnswer>(`/api/host/members/${encodeURIComponent(id)}/like`),
  unlikeMember: (id: string) =>
    request<LikeAnswer>('DELETE', `/api/host/members/${encodeURIComponent(id)}/like`),
  startOnboarding: () => post<StripePage>('/api/host/onboarding'),
  /** Asks Stripe for the state of the onboarding; returning from it does not mean that it is done. */
  refreshOnboarding: () => post<CanBePaid>('/api/host/onboarding/refresh'),
  earnings: () => get<Earnings>('/api/host/earnings'),
  earningsFileUrl: '/api/host/earnings.csv',
  /** Opens the host's own dashboard at Stripe; the address works once. */
  openDashboard: () => post<StripePage>('/api/host/dashboard-link'),
  cancelAsHost: (id: string) => post<unknown>(`/api/host/bookings/${encodeURIComponent(id)}/cancel`),

  ops: () => get<Operations>('/api/ops'),
  connections: () => get<Connections>('/api/ops/connections'),
  checkConnections: () => post<Connections>('/api/ops/connections/check'),
  recordOtherPayment: (id: string, payment: { reference: string; paidOn: string }) =>
    post<Saved>(`/api/ops/bookings/${encodeURIComponent(id)}/paid-otherwise`, payment),
  blocks: async () => (await get<Blocks>('/api/ops/blocks')).blocks,
  liftBlock: (id: string, reason: string) =>
    post<Saved>(`/api/ops/blocks/${encodeURIComponent(id)}/lift`, { reason }),
  findPurchases: async (q: string, signal?: AbortSignal) =>
    (await get<FoundPurchases>(`/api/ops/purchases${query({ q })}`, signal)).purchases,
  purchaseFile: (id: string) => get<PurchaseFile>(`/api/ops/purchases/${encodeURIComponent(id)}`),
  /** The caller makes `refundId`, so that a retry after a lost answer is the same refund. */
  refundPurchase: (
    id: string,
    refund: { refundId: string; amountCents: number; reason: string; bookingId?: string },
  ) => post<Refund>(`/api/ops/purchases/${encodeURIComponent(id)}/refund`, refund),
  suspendMember: (id: string, reason: string) =>
    post<Saved>(`/api/ops/members/${encodeURIComponent(id)}/suspend`, { reason }),
  reinstateMember: (id: string, reason: string) =>
    post<Saved>(`/api/ops/members/${encodeURIComponent(id)}/reinstate`, { reason }),
  resolveTask: (id: string, note: string, decision?: Decision) =>
    post<Saved>(`/api/ops/tasks/${encodeURIComponent(id)}/resolve`, {
      note,
      ...(decision ? { decision } : {}),
    }),
}
