// Cal.com's accounts, schedules and event types. A key reaches its owner's; the business's key also those of
// the accounts in its organization.
import { randomBytes } from 'node:crypto'
import type { SandboxContext } from '../core/provider.ts'
import { Refusal } from './answers.ts'

export type Account = {
  id: number
  username: string
  name: string
  email: string
  timeZone: string
  defaultScheduleId: number | null
  /** Outside the organization that the business administers: its key sees nothing of this account. */
  isOutside?: boolean
}

export const weekdays = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const
export type Hours = { days: string[]; startTime: string; endTime: string }
export type Schedule = {
  id: number
  ownerId: number
  name: string
  timeZone: string
  availability: Hours[]
  overrides: { date: string; startTime: string; endTime: string }[]
}

export type EventType = {
  id: number
  ownerId: number
  title: string
  slug: string
  description: string
  lengthInMinutes: number
  lengthInMinutesOptions: number[] | null
  slotInterval: number | null
  minimumBookingNotice: number
  beforeEventBuffer: number
  afterEventBuffer: number
  scheduleId: number | null
  hidden: boolean
  disableGuests: boolean
  requiresConfirmation: boolean
  locations: Record<string, unknown>[]
  /** What whoever books must answer besides name and e-mail address. */
  questions?: { slug: string; label: string }[]
}

export const ownerUsername = 'presence'

export const nextId = (
  ctx: SandboxContext,
  of: 'account' | 'schedule' | 'event-type' | 'booking' | 'attendee' | 'webhook',
) => ctx.store.next(`calcom.${of}`)

export const accounts = (ctx: SandboxContext) => ctx.store.list<Account>('calcom.account')
export const accountNamed = (ctx: SandboxContext, username: string) =>
  ctx.store.get<Account>('calcom.account', username)
export const accountOf = (ctx: SandboxContext, id: number) => accounts(ctx).find((one) => one.id === id)

/** The account the API key belongs to. */
export function keyOwner(ctx: SandboxContext): Account {
  const owner = accountNamed(ctx, ownerUsername)
  if (!owner) throw new Error('the sandbox is not seeded')
  return owner
}

/** A key of one account's own, which this makes where there is none. */
export function ownKey(ctx: SandboxContext, username: string): string {
  const known = ctx.store.get<{ key: string }>('calcom.key', username)
  if (known) return known.key
  const key = `cal_live_${randomBytes(16).toString('hex')}`
  ctx.store.put('calcom.key', username, { key, username })
  return key
}

export const revokeKey = (ctx: SandboxContext, username: string) => ctx.store.delete('calcom.key', username)

/** Whose key the request carries; undefined without a key or with an unknown one. */
export function callerOf(ctx: SandboxContext, authorization: string | undefined): Account | undefined {
  const key = authorization?.replace(/^Bearer /, '')
  if (!key) return undefined
  if (key === ctx.keys['CALCOM_API_KEY']) return keyOwner(ctx)
  const own = ctx.store.list<{ key: string; username: string }>('calcom.key').find((one) => one.key === key)
  return own && accountNamed(ctx, own.username)
}

/** Whether a key of `caller` sees and changes what belongs to this account. */
export function isReachedBy(ctx: SandboxContext, caller: Account | undefined, ownerId: number): boolean {
  if (!caller) return false
  if (caller.id === ownerId) return true
  return caller.username === ownerUsername && accountOf(ctx, ownerId)?.isOutside !== true
}

export const keepAccount = (ctx: SandboxContext, account: Account) =>
  ctx.store.put('calcom.account', account.username, account)

export const schedules = (ctx: SandboxContext) => ctx.store.list<Schedule>('calcom.schedule')
export const schedule = (ctx: SandboxContext, id: number) =>
  ctx.store.get<Schedule>('calcom.schedule', String(id))
export function keepSchedule(ctx: SandboxContext, one: Schedule) {
  ctx.store.put('calcom.schedule', String(one.id), one)
  ctx.changed('calcom.schedule')
}

export const eventTypes = (ctx: SandboxContext) => ctx.store.list<EventType>('calcom.event-type')
export const eventType = (ctx: SandboxContext, id: number) =>
  ctx.store.get<EventType>('calcom.event-type', String(id))
export function keepEventType(ctx: SandboxContext, one: EventType) {
  ctx.store.put('calcom.event-type', String(one.id), one)
  ctx.changed('calcom.event-type')
}

/** The event type a request names, by id or by slug and username; refuses with Cal.com's 404s. */
export function namedEventType(
  ctx: SandboxContext,
  by: { id?: number | undefined; slug?: string | undefined; username?: string | undefined },
) {
  if (by.id !== undefined) return eventType(ctx, by.id)
  if (by.slug === undefined || by.username === undefined) return undefined
  const account = accountNamed(ctx, by.username)
  if (!account) throw new Refusal(404, `User with username ${by.username} not found`)
  return eventTypes(ctx).find((one) => one.ownerId === account.id && one.slug === by.slug)
}

/** The schedule that says when this event type can be booked. */
export function scheduleFor(ctx: SandboxContext, one: EventType): Schedule | undefined {
  const id = one.scheduleId ?? accountOf(ctx, one.ownerId)?.defaultScheduleId
  return id === null || id === undefined ? undefined : schedule(ctx, id)
}

export function newEventType(ctx: SandboxContext, ownerId: number, fields: Partial<EventType>): EventType {
  return {
    id: nextId(ctx, 'event-type'),
    ownerId,
    title: '',
    slug: '',
    description: '',
    lengthInMinutes: 30,
    lengthInMinutesOptions: null,
    slotInterval: null,
    minimumBookingNotice: 120,
    beforeEventBuffer: 0,
    afterEventBuffer: 0,
    scheduleId: null,
    hidden: false,
    disableGuests: false,
    requiresConfirmation: false,
    locations: [{ type: 'integration', integration: 'cal-video' }],
    ...fields,
  }
}
