import { expect, test } from 'vitest'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import {
  cancelConsequence,
  isStillFree,
  outcomeText,
  refundConsequence,
  expiryText,
} from './session-words.ts'

const booking: Booking = {
  id: 'b',
  purchaseId: 'p',
  plan: 'Weekly',
  position: 1,
  sessionsInPurchase: 3,
  state: 'created',
  host: { id: 'h', fullName: 'Amelia Hart', photoUrl: null, timeZone: 'Australia/Sydney', isActive: true },
  member: { fullName: 'Jordan Blake' },
  isBlocked: false,
  givenBackBy: null,
  start: '2026-11-25T02:00:00Z',
  end: '2026-11-25T02:10:00Z',
  sessionMinutes: 10,
  validUntil: '2026-11-29T02:00:00Z',
  anyHost: true,
  attempt: 1,
  calendarStatus: 'confirmed',
  hasOtherStoppedTexts: false,
  roomStatus: 'not_created',
  roomOpensAt: '2026-11-25T01:45:00Z',
  roomClosesAt: '2026-11-25T02:15:00Z',
  canJoin: false,
  freeChangeUntil: '2026-11-24T14:00:00Z',
  canChangeForFree: true,
  wasMovedByHost: false,
  refundable: false,
  outcome: null,
  amountCents: 1334,
  currency: 'AUD',
  isRefundOffered: false,
  refundedCents: 0,
  refundStatus: null,
  receiptUrl: null,
  reflection: null,
  hostJoinedAt: null,
  memberJoinedAt: null,
  completedAt: null,
}
const lastFreeMoment = new Date('2026-11-24T14:00:00.000Z')
const justTooLate = new Date('2026-11-24T14:00:00.001Z')

test('cancelling is free up to the last free moment, forfeits after it, and says so before', () => {
  expect(isStillFree(booking, lastFreeMoment)).toBe(true)
  expect(cancelConsequence(booking, 'UTC', lastFreeMoment)).toMatch(/costs nothing.*comes back to you/)
  expect(isStillFree(booking, justTooLate)).toBe(false)
  expect(cancelConsequence(booking, 'UTC', justTooLate)).toMatch(
    /less than 12 hours.*used up.*Amelia is paid/,
  )
})

test('a refund names its amount: the part of a pack, or all of a single session', () => {
  expect(refundConsequence(booking)).toMatch(/\$13\.34 back, this session's part/)
  expect(refundConsequence({ ...booking, sessionsInPurchase: 1, amountCents: 1800 })).toMatch(
    /\$18\.00 back, all/,
  )
})

test('the last day of a session is counted in hours', () => {
  expect(expiryText(booking.validUntil, 'UTC', new Date('2026-11-25T00:00:00Z'))).toMatchObject({
    isUrgent: false,
  })
  expect(expiryText(booking.validUntil, 'UTC', new Date('2026-11-28T22:00:00Z'))).toEqual({
    text: 'Expires in 4 h',
    isUrgent: true,
  })
  expect(expiryText(booking.validUntil, 'UTC', new Date('2026-11-29T02:00:00Z')).text).toBe('Expired')
})

test('every outcome has words for people', () => {
  for (const outcome of [
    'held',
    'member_no_show',
    'host_no_show',
    'late_cancellation',
    'unknown',
    null,
  ] as const) {
    expect(outcomeText({ ...booking, state: 'completed', outcome })).not.toMatch(/_|null/)
  }
  expect(outcomeText({ ...booking, state: 'cancelled' })).toBe('Cancelled')
  expect(outcomeText({ ...booking, state: 'expired' })).toBe('Expired unused')
})

test('a refunded member reads how much and where it is', () => {
  const cancelled = { ...booking, state: 'cancelled' as const, refundedCents: 1334 }
  expect(outcomeText({ ...cancelled, refundStatus: 'on_its_way' })).toMatch(
    /^A?\$13\.34 on its way back to you$/,
  )
  expect(outcomeText({ ...cancelled, refundStatus: 'done' })).toMatch(/^A?\$13\.34 refunded$/)
  expect(outcomeText({ ...cancelled, refundStatus: 'delayed' })).toContain('delayed')
  expect(refundConsequence({ ...booking, refundedCents: 334 })).toContain('$10.00 back')
})
