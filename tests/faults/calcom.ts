// Cal.com as hosts and other visitors use it beside Presence, and what it knows of our bookings.
import { calEntries, type CalEntry, calUidOf } from '../../world/outside.ts'
import type { World } from '../../world/person.ts'

const versions = { slots: '2024-09-04', bookings: '2024-08-13', 'event-types': '2024-06-14' } as const

/** Cal.com's own API, with the key of Presence. */
export async function askCalcom<Data>(
  world: World,
  method: string,
  path: string,
  body?: unknown,
): Promise<Data> {
  const controller = Object.keys(versions).find((name) =>
    path.startsWith(`/v2/${name}`),
  ) as keyof typeof versions
  const response = await fetch(`${world.sandboxUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${world.keys['CALCOM_API_KEY']}`,
      'cal-api-version': versions[controller],
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
  return (JSON.parse(text) as { data: Data }).data
}

/** What a host does in their own Cal.com calendar. */
export async function hostActs<Answer = unknown>(
  world: World,
  uid: string,
  act: 'cancel' | 'reschedule',
  body: unknown = {},
): Promise<Answer> {
  const response = await fetch(`${world.sandboxUrl}/_sandbox/calcom/bookings/${uid}/${act}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${act} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Answer
}

/** Switches on or off that the host must accept each booking of their only event type. */
export async function wantsToAccept(
  world: World,
  username: string,
  eventSlug: string,
  isWanted: boolean,
): Promise<void> {
  const [type] = await askCalcom<{ id: number }[]>(
    world,
    'GET',
    `/v2/event-types?username=${username}&eventSlug=${eventSlug}`,
  )
  const confirmationPolicy = isWanted
    ? { type: 'always', blockUnconfirmedBookingsInBooker: true }
    : { disabled: true }
  await askCalcom(world, 'PATCH', `/v2/event-types/${type!.id}`, { confirmationPolicy })
}

/** Every Cal.com booking of one of ours, in any status. */
export async function allAtCalcom(world: World, bookingId: string): Promise<CalEntry[]> {
  return (await calEntries(world)).filter((one) => one.metadata['presenceBookingId'] === bookingId)
}

export async function acceptedAtCalcom(world: World, bookingId: string): Promise<CalEntry[]> {
  return (await allAtCalcom(world, bookingId)).filter((one) => one.status === 'accepted')
}

/** The uid of a session's entry at its time, also where it has lost that time since. */
export async function uidOf(world: World, session: { id: string; start: string | null }): Promise<string> {
  const uid = await calUidOf(world, session)
  if (!uid) throw new Error(`Cal.com has no entry of ${session.id} at ${session.start}`)
  return uid
}
