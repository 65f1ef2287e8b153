// How the tests of sessions disturb the video provider, and what they see there.
import type { Presence } from '../harness/presence.ts'

export type Fault = {
  provider?: string
  operation?: string
  kind: string
  times?: number
  delayMs?: number
  status?: number
}

/** Daily fails in this way from now on, until `faultsEnd` or `times`. */
export async function fault(presence: Presence, wanted: Fault): Promise<void> {
  const answer = await fetch(`${presence.sandboxUrl}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ provider: 'daily', ...wanted }),
  })
  if (!answer.ok) throw new Error(`no such fault: ${await answer.text()}`)
}

export async function faultsEnd(presence: Presence): Promise<void> {
  await fetch(`${presence.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' })
}

type Entry = { operation: string; requestBody: string; status?: number }

/** How often Daily was asked to create the room with this name. */
export async function roomCreations(presence: Presence, name: string): Promise<number> {
  const { entries } = (await (await fetch(`${presence.sandboxUrl}/_sandbox/journal`)).json()) as {
    entries: Entry[]
  }
  return entries.filter((one) => one.operation === 'rooms.create' && one.requestBody.includes(name)).length
}
