// Times released in a host's Cal.com calendar, also long afterwards. Only the sandbox is started.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { CalcomClient } from '../../server/integrations/calcom.ts'
import {
  cancelCalBooking,
  createCalBooking,
  fetchCalBooking,
} from '../../server/integrations/calcom-bookings.ts'
import { fetchCalSlots } from '../../server/integrations/calcom-slots.ts'
import { newId } from '../../server/lib/ids.ts'
import { addDays, dayMs, now, setClockOffset } from '../../server/lib/time.ts'
import { type Sandbox, startSandbox } from '../../sandbox/core/start.ts'

const account = { username: 'amelia-hart', eventSlug: '10min' }
let sandbox: Sandbox
let calcom: CalcomClient

beforeAll(async () => {
  sandbox = await startSandbox({
    port: 0,
    dataDir: ':memory:',
    appUrl: 'http://127.0.0.1:9',
    log: () => undefined,
  })
  calcom = { apiUrl: sandbox.baseUrl, apiKey: sandbox.ctx.keys['CALCOM_API_KEY']!, webhookSecret: 'unused' }
})
afterEach(() => goTo(0))
afterAll(() => sandbox?.close())

function goTo(offsetMs: number): void {
  setClockOffset(offsetMs)
  sandbox.ctx.clock.setOffset(offsetMs)
}

async function booked(): Promise<string> {
  const [start] = await fetchCalSlots(calcom, account, addDays(now(), 1), addDays(now(), 2))
  const attendee = {
    name: 'Sam Rivers',
    email: 'sam@example.com',
    timeZone: 'Australia/Sydney',
    mobileNumber: '+61491570999',
    language: 'en',
  }
  const meetingUrl = 'https://presence.example/video-session'
  const wanted = { account, bookingId: newId(), attempt: 1, start: start!, attendee, meetingUrl }
  return (await createCalBooking(calcom, wanted)).uid
}

test('a past time is released even where Cal.com was away until it was over', async () => {
  const uid = await booked()
  goTo(3 * dayMs)
  await cancelCalBooking(calcom, uid, 'Cancelled in Presence')
  expect(await fetchCalBooking(calcom, uid)).toMatchObject({ isCancelled: false })
})

test('a time ahead is released once, and one that Cal.com refuses to release is retried', async () => {
  const uid = await booked()
  for (let times = 0; times < 2; times++) await cancelCalBooking(calcom, uid, 'Cancelled in Presence')
  expect(await fetchCalBooking(calcom, uid)).toMatchObject({ isCancelled: true })
  const other = await booked()
  const refuses = await fetch(`${sandbox.baseUrl}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      provider: 'calcom',
      operation: 'bookings.cancel',
      kind: 'error_before',
      status: 400,
      times: 1,
    }),
  })
  expect(refuses.ok).toBe(true)
  await expect(cancelCalBooking(calcom, other, 'Cancelled in Presence')).rejects.toMatchObject({
    status: 400,
  })
})
