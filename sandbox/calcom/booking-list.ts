// GET /v2/bookings: filters, order and pages.
import type { ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { callerOf, isReachedBy } from './account.ts'
import { instant, Refusal } from './answers.ts'
import { bookingAnswer, bookings } from './booking.ts'
import type { Booking } from './booking.ts'

const statuses = ['upcoming', 'recurring', 'past', 'cancelled', 'unconfirmed']
const orders = {
  sortStart: 'start',
  sortEnd: 'end',
  sortCreated: 'createdAt',
  sortUpdatedAt: 'updatedAt',
} as const

export function listBookings(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const { query } = request
  const wanted = (query.get('status') ?? '').split(',').filter(Boolean)
  const unknown = wanted.find((status) => !statuses.includes(status))
  if (unknown) throw new Refusal(400, `Invalid status. Allowed are: ${statuses.join(', ')}`)
  const now = ctx.clock.now()
  const caller = callerOf(ctx, request.headers['authorization'])
  const tests: ((one: Booking) => boolean)[] = [(one) => isReachedBy(ctx, caller, one.hosts[0].id)]
  const filter = (name: string, test: (one: Booking, value: string) => boolean) => {
    const value = query.get(name)
    if (value !== null) tests.push((one) => test(one, value))
  }
  const moment = (name: string, test: (one: Booking, ms: number) => boolean) => {
    const value = query.get(name)
    if (value === null) return
    const ms = instant(value, name)
    tests.push((one) => test(one, ms))
  }
  if (wanted.length > 0) tests.push((one) => wanted.some((status) => hasStatus(one, status, now)))
  filter('attendeeEmail', (one, value) =>
    one.attendees.some((each) => each.email.toLowerCase() === value.toLowerCase()),
  )
  filter('attendeeName', (one, value) => one.attendees.some((each) => each.name === value))
  filter('bookingUid', (one, value) => one.uid === value)
  filter('eventTypeId', (one, value) => String(one.eventType.id) === value)
  filter('eventTypeIds', (one, value) => value.split(',').includes(String(one.eventType.id)))
  moment('afterStart', (one, ms) => Date.parse(one.start) >= ms)
  moment('beforeEnd', (one, ms) => Date.parse(one.end) <= ms)
  moment('afterCreatedAt', (one, ms) => Date.parse(one.createdAt) >= ms)
  moment('beforeCreatedAt', (one, ms) => Date.parse(one.createdAt) <= ms)
  moment('afterUpdatedAt', (one, ms) => Date.parse(one.updatedAt) >= ms)
  moment('beforeUpdatedAt', (one, ms) => Date.parse(one.updatedAt) <= ms)

  const found = ordered(
    bookings(ctx).filter((one) => tests.every((test) => test(one))),
    query,
  )
  const take = number(query, 'take', 100, 1, 250)
  const skip = number(query, 'skip', 0, 0, Infinity)
  const data = found.slice(skip, skip + take).map(bookingAnswer)
  return {
    status: 200,
    body: { status: 'success', data, pagination: pagination(found.length, data.length, take, skip) },
  }
}

function hasStatus(one: Booking, status: string, nowMs: number): boolean {
  const isOff = one.status === 'cancelled' || one.status === 'rejected'
  const isOver = Date.parse(one.end) <= nowMs
  switch (status) {
    case 'upcoming':
      return !isOff && !isOver
    case 'past':
      return !isOff && isOver
    case 'cancelled':
      return isOff
    case 'unconfirmed':
      return one.status === 'pending' && !isOver
    default:
      return false
  }
}

function ordered(found: Booking[], query: URLSearchParams): Booking[] {
  const names = Object.keys(orders) as (keyof typeof orders)[]
  const asked = names.find((name) => query.has(name))
  const field = orders[asked ?? 'sortStart']
  const sign = asked && query.get(asked) === 'desc' ? -1 : 1
  return found.toSorted((a, b) => sign * (Date.parse(a[field]) - Date.parse(b[field])))
}

function number(query: URLSearchParams, name: string, fallback: number, min: number, max: number): number {
  const value = Number(query.get(name) ?? fallback)
  if (!Number.isInteger(value) || value < min || value > max)
    throw new Refusal(400, `${name} must be an integer from ${min} to ${max}`)
  return value
}

function pagination(totalItems: number, returnedItems: number, itemsPerPage: number, skip: number) {
  const currentPage = Math.floor(skip / itemsPerPage) + 1
  const totalPages = Math.ceil(totalItems / itemsPerPage)
  return {
    totalItems,
    remainingItems: Math.max(0, totalItems - skip - itemsPerPage),
    returnedItems,
    itemsPerPage,
    currentPage,
    totalPages,
    hasNextPage: skip + itemsPerPage < totalItems,
    hasPreviousPage: skip > 0,
  }
}
