import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { architectureProblems, isNoun } from './architecture.ts'
import { readSources, type Source } from './sources.ts'

const root = join(import.meta.dirname, '..')

/** The complaints about one planted file. */
const about = (path: string, text: string) => architectureProblems([{ path, text } satisfies Source])

test('every import of this project looks back, and nobody but time.ts asks for the time', () => {
  expect(architectureProblems(readSources(root))).toEqual([])
})

describe('a planted wrong import is refused', () => {
  test.each([
    ['lib importing db', 'server/lib/money.ts', "import { openDatabase } from '../db/client.ts'"],
    ['db importing the journey', 'server/db/client.ts', "import { plans } from '../journey/plans/plan.ts'"],
    [
      'an integration importing http',
      'server/integrations/stripe.ts',
      "import { app } from '../http/app.ts'",
    ],
    [
      'the journey importing http',
      'server/journey/bookings/cancel-booking.ts',
      "import { app } from '../../http/app.ts'",
    ],
    [
      'the journey importing jobs',
      'server/journey/payouts/pay-host.ts',
      "import { tasks } from '../../jobs/tasks.ts'",
    ],
    ['anybody importing main', 'server/http/app.ts', "import '../main.ts'"],
    [
      'an import of types only, in the wrong direction',
      'server/lib/ids.ts',
      "import type { Db } from '../db/client.ts'",
    ],
    [
      'a re-export in the wrong direction',
      'server/lib/ids.ts',
      "export { openDatabase } from '../db/client.ts'",
    ],
    [
      'a dynamic import in the wrong direction',
      'server/lib/ids.ts',
      "const later = await import('../db/client.ts')",
    ],
    [
      'an import over several lines in the wrong direction',
      'server/lib/ids.ts',
      "import {\n  openDatabase,\n} from '../db/client.ts'",
    ],
    [
      'a step importing a later step',
      'server/journey/purchases/confirm-purchase.ts',
      "import { schedule } from '../bookings/schedule-booking.ts'",
    ],
    [
      'a shared journey file importing a step',
      'server/journey/context.ts',
      "import { listHosts } from '../journey/hosts/list-hosts.ts'",
    ],
    ['a folder that is not in the house', 'server/utils/strings.ts', "import { now } from '../lib/time.ts'"],
    [
      'a step that is not in the journey',
      'server/journey/gifts/gift.ts',
      "import { now } from '../../lib/time.ts'",
    ],
    ['the server importing the pages', 'server/http/app.ts', "import { App } from '../../src/App.tsx'"],
    [
      'the server importing the sandbox',
      'server/main.ts',
      "import { startSandbox } from '../sandbox/core/start.ts'",
    ],
    [
      'the sandbox importing the server',
      'sandbox/core/clock.ts',
      "import { now } from '../../server/lib/time.ts'",
    ],
    [
      'the sandbox importing a type of the server',
      'sandbox/core/clock.ts',
      "import type { Db } from '../../server/db/client.ts'",
    ],
    [
      'a page importing a verb',
      'src/purchases/Plans.tsx',
      "import { startCheckout } from '../../server/journey/purchases/start-checkout.ts'",
    ],
    [
      'a page importing the type of a verb',
      'src/purchases/Plans.tsx',
      "import type { Checkout } from '../../server/journey/purchases/start-checkout.ts'",
    ],
    [
      'a page importing the schema of an answer',
      'src/bookings/BookingSheet.tsx',
      "import { bookingView } from '../../server/journey/bookings/booking-view.ts'",
    ],
    [
      'a page importing a value beside the types of an answer',
      'src/bookings/BookingSheet.tsx',
      "import { type BookingView, bookingView } from '../../server/journey/bookings/booking-view.ts'",
    ],
    [
      'a page importing the routes of a step',
      'src/api/api.ts',
      "import type { Routes } from '../../server/journey/bookings/routes.ts'",
    ],
    [
      'a page importing the code of the HTTP app',
      'src/api/api.ts',
      "import { app } from '../../server/http/app.ts'",
    ],
    [
      'a page importing the database',
      'src/api/api.ts',
      "import type { Db } from '../../server/db/client.ts'",
    ],
    [
      'an integration importing the journey',
      'server/integrations/stripe.ts',
      "import { plans } from '../journey/plans/plan.ts'",
    ],
    [
      'calls importing an integration',
      'server/calls/call-once.ts',
      "import { stripe } from '../integrations/stripe.ts'",
    ],
    [
      'the database importing calls',
      'server/db/client.ts',
      "import { callOnce } from '../calls/call-once.ts'",
    ],
    [
      'a noun importing a database',
      'server/journey/plans/plan.ts',
      "import { openDatabase } from '../../db/client.ts'",
    ],
    [
      'a noun importing a verb',
      'server/journey/bookings/booking.ts',
      "import { book } from './schedule-booking.ts'",
    ],
    ['a noun reading files', 'server/journey/plans/plan.ts', "import { readFileSync } from 'node:fs'"],
    ['a noun importing an SDK', 'server/journey/payouts/payout.ts', "import Stripe from 'stripe'"],
  ])('%s', (_what, path, text) => {
    expect(about(path, text)).toHaveLength(1)
    expect(about(path, text)[0]).toContain(path)
  })

  test('with a sentence that says what to do', () => {
    const page = (from: string) =>
      about('src/bookings/Home.tsx', `import { x } from '../../server/${from}'`)[0]
    expect(page('journey/bookings/cancel-booking.ts')).toContain('A page asks for it over HTTP')
    expect(page('journey/bookings/booking-view.ts')).toContain('Write "import type"')
    expect(
      about('server/journey/hosts/list-hosts.ts', "import { pay } from '../payouts/pay-host.ts'")[0],
    ).toContain('what must happen later is a job in the same transaction')
    expect(about('server/journey/plans/plan.ts', "import Stripe from 'stripe'")[0]).toContain(
      'Move the act to a file named verb-object',
    )
  })
})

describe('asking the machine for the time is refused', () => {
  test.each([
    'const at = Date.now()',
    'const at = new Date()',
    'const at = new Date( )',
    'const at = Temporal.Now.instant()',
  ])('%s', (text) => {
    expect(about('server/journey/bookings/cancel-booking.ts', text)).toHaveLength(1)
    expect(about('server/lib/time.ts', text)).toEqual([])
  })

  test('a date made from something, or a comment, is fine', () => {
    expect(
      about('server/http/app.ts', 'const at = new Date(text) // never new Date()\n/* Date.now() */'),
    ).toEqual([])
  })
})

test('reading the environment outside config.ts is refused', () => {
  expect(about('server/integrations/stripe.ts', "const key = process.env['STRIPE_SECRET_KEY']")).toHaveLength(
    1,
  )
})

describe('what is meant to be allowed is allowed', () => {
  test.each([
    [
      'server/journey/bookings/cancel-booking.ts',
      "import { db } from '../../db/client.ts'\nimport { plan } from '../plans/plan.ts'",
    ],
    ['server/journey/records/write-records.ts', "import { members } from '../members/member.ts'"],
    ['server/http/app.ts', "import { cancelBooking } from '../journey/bookings/cancel-booking.ts'"],
    ['server/main.ts', "import { app } from './http/app.ts'\nimport { tasks } from './jobs/tasks.ts'"],
    [
      'src/purchases/Plans.tsx',
      "import { plans } from '../../server/journey/plans/plan.ts'\nimport { formatCents } from '../../server/lib/money.ts'",
    ],
    ['src/api/api.ts', "import type { App } from '../../server/http/app.ts'"],
    [
      'src/bookings/BookingSheet.tsx',
      "import type { BookingView } from '../../server/journey/bookings/booking-view.ts'",
    ],
    ['server/integrations/twilio.ts', "import { callOnce } from '../calls/call-once.ts'"],
    [
      'server/journey/bookings/booking.ts',
      "import { plan } from '../plans/plan.ts'\nimport { minuteMs } from '../../lib/time.ts'",
    ],
    ['scripts/bench.ts', "import { startSandbox } from '../sandbox/core/start.ts'"],
  ])('%s', (path, text) => {
    expect(about(path, text)).toEqual([])
  })
})

test('a file named verb-object acts; every other file of a step is a noun, its routes apart', () => {
  expect(
    ['bookings/booking', 'hosts/weekly-hours', 'records/record', 'rooms/room', 'rooms/open-rooms-view'].map(
      (file) => isNoun(`server/journey/${file}.ts`),
    ),
  ).toEqual([true, true, true, true, true])
  expect(
    ['bookings/cancel-booking', 'records/record-change', 'hosts/routes'].map((file) =>
      isNoun(`server/journey/${file}.ts`),
    ),
  ).toEqual([false, false, false])
})
