// The outside world: the five providers through their official packages and published HTTP interfaces, and
// what people do there (pay, onboard, enter a room, edit the base). It uses no code of the server.
import Airtable from 'airtable'
import Stripe from 'stripe'
import type { World } from './person.ts'

export function stripeOf({ sandboxUrl, keys }: World): Stripe {
  const { hostname, port } = new URL(sandboxUrl)
  return new Stripe(keys['STRIPE_SECRET_KEY']!, { host: hostname, port, protocol: 'http', telemetry: false })
}

export function baseOf({ sandboxUrl, keys }: World): Airtable.Base {
  return new Airtable({ apiKey: keys['AIRTABLE_ACCESS_TOKEN']!, endpointUrl: sandboxUrl }).base(
    keys['AIRTABLE_BASE_ID']!,
  )
}

export type Row = { id: string; fields: Record<string, unknown> }

/**
 * The rows of a table as an operator sees them. Read from the sandbox directly: Airtable's API allows five
 * calls a second for all callers together, and polling would use them up.
 */
export async function rowsOf(world: World, table: string): Promise<Row[]> {
  const kind = `airtable.record:${table}`
  return (
    (
      await call<Record<string, Row[]>>(
        `${world.sandboxUrl}/_sandbox/documents?limit=10000&prefix=${encodeURIComponent(kind)}`,
        {},
      )
    )[kind] ?? []
  )
}

/** The row of a table with one of our ids. */
export async function rowOf(world: World, table: string, presenceId: string): Promise<Row | undefined> {
  return (await rowsOf(world, table)).find(({ fields }) => fields['Presence ID'] === presenceId)
}

/** An operator edits a row in Airtable's own pages; the sandbox's console stands for those. */
export async function editRow(
  { sandboxUrl, keys }: World,
  table: string,
  rowId: string,
  fields: Record<string, unknown>,
): Promise<void> {
  await call(`${sandboxUrl}/v0/${keys['AIRTABLE_BASE_ID']}/${encodeURIComponent(table)}/${rowId}`, {
    method: 'PATCH',
    headers: { ...json, authorization: `Bearer ${keys['AIRTABLE_ACCESS_TOKEN']}`, origin: sandboxUrl },
    body: JSON.stringify({ fields, typecast: true }),
  })
}

/** An operator deletes a row, or adds one, in Airtable's own pages. */
export async function deleteRow({ sandboxUrl, keys }: World, table: string, rowId: string): Promise<void> {
  await call(`${sandboxUrl}/v0/${keys['AIRTABLE_BASE_ID']}/${encodeURIComponent(table)}/${rowId}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${keys['AIRTABLE_ACCESS_TOKEN']}`, origin: sandboxUrl },
  })
}

export async function addRow(
  { sandboxUrl, keys }: World,
  table: string,
  fields: Record<string, unknown>,
): Promise<Row> {
  return call(`${sandboxUrl}/v0/${keys['AIRTABLE_BASE_ID']}/${encodeURIComponent(table)}`, {
    method: 'POST',
    headers: { ...json, authorization: `Bearer ${keys['AIRTABLE_ACCESS_TOKEN']}`, origin: sandboxUrl },
    body: JSON.stringify({ fields, typecast: true }),
  })
}

async function call<Answer>(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init)
  const text = await response.text()
  if (!response.ok)
    throw new Error(
      `${init.method ?? 'GET'} ${new URL(url).pathname} answered ${response.status}: ${text.slice(0, 200)}`,
    )
  return (text === '' ? undefined : JSON.parse(text)) as Answer
}

const json = { 'content-type': 'application/json' }

/** What a member types into the payment page. */
export async function payCheckout(
  world: World,
  checkoutId: string,
  cardNumber = '4242424242424242',
  authenticate?: 'complete' | 'fail',
) {
  return call<{ status: string }>(`${world.sandboxUrl}/_sandbox/stripe/checkout/${checkoutId}/pay`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({
      cardNumber,
      expMonth: 12,
      expYear: new Date().getFullYear() + 3,
      cvc: '123',
      name: 'Sam Rivers',
      email: 'sam@example.com',
      ...(authenticate ? { authenticate } : {}),
    }),
  })
}

/** What a host fills in at Stripe. */
export async function onboardAccount(world: World, accountId: string): Promise<void> {
  await call(`${world.sandboxUrl}/_sandbox/stripe/accounts/${accountId}/onboard`, {
    method: 'POST',
    headers: json,
    body: '{}',
  })
}

/** Opens a room's address: the room's name is in its path, the token in its query. */
export async function enterRoom(world: World, address: string): Promise<{ leave: () => Promise<void> }> {
  const url = new URL(address)
  const name = url.pathname.split('/').at(-1)!
  const room = `${world.sandboxUrl}/_sandbox/daily/rooms/${name}`
  const { sessionId } = await call<{ sessionId: string }>(`${room}/join`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ token: url.searchParams.get('t') }),
  })
  return {
    leave: async () => {
      await call(`${room}/leave`, { method: 'POST', headers: json, body: JSON.stringify({ sessionId }) })
    },
  }
}

export type DailyRoom = {
  name: string
  privacy: string
  url: string
  config: { nbf?: number; exp?: number; max_participants?: number }
}

export function dailyRoom(world: World, name: string): Promise<DailyRoom> {
  return call(`${world.sandboxUrl}/v1/rooms/${name}`, {
    headers: { authorization: `Bearer ${world.keys['DAILY_API_KEY']}` },
  })
}

export type CalEntry = {
  uid: string
  status: string
  start: string
  updatedAt: string
  location: string
  metadata: Record<string, string>
  absentHost: boolean
  attendees: { absent: boolean }[]
}

/** Every entry at Cal.com of all calendars, which no single key sees. Read from the sandbox directly. */
export async function calEntries(world: World): Promise<CalEntry[]> {
  const kind = 'calcom.booking'
  const address = `${world.sandboxUrl}/_sandbox/documents?limit=100000&prefix=${kind}`
  return (await call<Record<string, CalEntry[]>>(address, {}))[kind] ?? []
}

/** The uid of our session's entry at its time. The API of Presence does not say it: it lets anybody cancel. */
export async function calUidOf(
  world: World,
  session: { id: string; start: string | null },
): Promise<string | undefined> {
  const mine = (await calEntries(world)).filter(
    ({ metadata, start }) =>
      metadata['presenceBookingId'] === session.id && Date.parse(start) === Date.parse(session.start ?? ''),
  )
  return (mine.findLast(({ status }) => status === 'accepted' || status === 'pending') ?? mine.at(-1))?.uid
}

export type CalRecord = {
  data: {
    uid: string
    status: string
    start: string
    location?: string
    end: string
    metadata: Record<string, string>
  }
}

export function calBooking(world: World, uid: string): Promise<CalRecord> {
  return call(`${world.sandboxUrl}/v2/bookings/${uid}`, {
    headers: { authorization: `Bearer ${world.keys['CALCOM_API_KEY']}`, 'cal-api-version': '2024-08-13' },
  })
}

export type ClockMove = { to: string } | { advanceMs: number } | { offsetMs: number }

/** Moves the time of the sandbox, and with it the application's. */
export async function moveClock(world: World, move: ClockMove): Promise<Date> {
  const moved = await call<{ now: string }>(`${world.sandboxUrl}/_sandbox/clock`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify(move),
  })
  return new Date(moved.now)
}

export async function clockNow(world: World): Promise<Date> {
  return new Date((await call<{ now: string }>(`${world.sandboxUrl}/_sandbox/clock`, {})).now)
}
