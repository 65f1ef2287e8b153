import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { moveClock } from '../../world/outside.ts'
import {
  alwaysFreeHost,
  becomes,
  bookingStartingIn,
  type Host,
  onboardedHost,
  sessionTakesPlace,
  signedInMember,
} from '../people/actors.ts'
import { airtableRow, query, untilIdle } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { minuteMs } from '../../server/lib/time.ts'
import { clearFaults, injectFault } from './sandbox.ts'

let presence: Presence
let ruby: Host

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
  await onboardedHost(ruby)
  await untilIdle(presence)
})
afterEach(() => clearFaults(presence))
afterAll(() => presence?.stop())

test.each([
  { what: 'is away', fault: { kind: 'outage' } },
  { what: 'is over its limit', fault: { kind: 'rate_limit' } },
  { what: 'acts and never answers', fault: { kind: 'timeout_after' } },
] as const)(
  'the journey goes on while Airtable $what, and each record is written once afterwards',
  async ({ fault }) => {
    const member = await signedInMember(presence)
    const away = await injectFault(presence, { provider: 'airtable', ...fault })
    const booking = await bookingStartingIn(90, member, ruby)
    await sessionTakesPlace(member, booking, [member, ruby])
    await becomes(member, booking.id, 'held', (one) => one.outcome === 'held')
    const [waiting] = await query<{ count: number }>(
      presence.databaseUrl,
      'select count(*)::int as count from record_changes',
    )
    expect(waiting!.count).toBeGreaterThan(0)
    await away.remove()
    await moveClock(presence, { advanceMs: minuteMs })
    await untilIdle(presence)
    expect(await airtableRow(presence, 'Members', member.id)).toMatchObject({ 'Full Name': 'Sam Rivers' })
    expect(await airtableRow(presence, 'Presence Operations', booking.id)).toMatchObject({
      'Booking Status': 'Completed',
      'Payout Status': 'Paid',
    })
  },
)
