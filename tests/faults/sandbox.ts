// Commands to the sandbox: what goes wrong from now on, and what was sent over the wire.
import { calEntries, type CalEntry } from '../../world/outside.ts'
import type { World } from '../../world/person.ts'
import type { NewFault } from '../../sandbox/core/faults.ts'

export type Fault = { remove: () => Promise<void> }

async function control<Answer>(world: World, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${world.sandboxUrl}/_sandbox/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Answer
}

/** Injects a fault, `times` often or until it is removed. */
export async function injectFault(world: World, fault: NewFault): Promise<Fault> {
  const { id } = await control<{ id: string }>(world, 'POST', 'faults', fault)
  return { remove: async () => void (await control(world, 'DELETE', `faults/${id}`)) }
}

export async function clearFaults(world: World): Promise<void> {
  await control(world, 'DELETE', 'faults')
}

/** The Cal.com bookings that carry our booking's id and are neither cancelled nor moved away. */
export async function liveAtCalcom(world: World, bookingId: string): Promise<CalEntry[]> {
  return (await calEntries(world)).filter(
    (one) => one.metadata['presenceBookingId'] === bookingId && one.status === 'accepted',
  )
}
