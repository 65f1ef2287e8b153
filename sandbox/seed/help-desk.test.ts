// Each sentence of the help page is a promise, and each promise has a test that fails when it is broken.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { seedHelpDesk } from './help-desk.ts'

const apart = 'tests/journey/kept-apart.test.ts'
const reports = 'tests/journey/reports.test.ts'
const changes = 'tests/journey/changes.test.ts'

/** Sentence -> the file and the name of the test that holds it. */
const proofs: Record<string, [string, string]> = {
  'A ten-minute video conversation with a host who listens.': [
    'server/journey/plans/plan.test.ts',
    'is the two plans of the price list, and nothing else',
  ],
  'Hosts are not therapists or doctors; if you are in danger, please call your local emergency number.': [
    'server/journey/members/crisis-lines.test.ts',
    'somebody in %s sees the lines of %s and calls %s',
  ],
  'Yes, free of charge until 12 hours before it starts, and the session is yours again.': [
    changes,
    'cancelling is free at exactly twelve hours, and a second later it is not',
  ],
  'Later than that it counts as used.': [
    changes,
    'cancelling later forfeits the session, and the host is paid',
  ],
  'Three sessions within seven days, with one host or with three different ones.': [
    changes,
    'the sessions of a pack may be held with different hosts, each paid their own share',
  ],
  'We send you a message a day before an unused session expires.': [
    'tests/journey/money.test.ts',
    'an unused session expires with its validity after one warning, and becomes revenue',
  ],
  'A session without a time can be refunded from your dashboard until it expires.': [
    'tests/journey/money.test.ts',
    'an unused session of a pack is refunded once by its part of the price, to the cent',
  ],
  'If a host does not come, we offer it by ourselves.': [
    'tests/journey/attendance.test.ts',
    'a host who does not come is not paid, and the session is given back with seven more days',
  ],
  'Allow the browser to use both, close other apps that may hold them, and reload the page.': [
    'tests/browser/sessions-room.test.ts',
    'devices are tested before the room, then belong to it, and the screen stays awake',
  ],
  'You can also join with sound only; your host will not mind.': [
    'tests/browser/sessions-room.test.ts',
    'devices are tested before the room, then belong to it, and the screen stays awake',
  ],
  'Leave at any time and press "Report".': [
    reports,
    'both sides report by the link of an SMS and from past sessions, also when the session is over',
  ],
  'A person reads every report, and you will not be matched with that host again.': [
    apart,
    'every list, card, search and banner of the member is without the host',
  ],
  'You can report a session for as long as it stands on your page, or block somebody without a word.': [
    reports,
    'both sides report by the link of an SMS and from past sessions, also when the session is over',
  ],
  'We tell you what was decided.': [
    reports,
    'a session under way that is blocked ends, waits for an operator, and the member is told the truth',
  ],
}

const sentences = seedHelpDesk.flatMap(({ answer }) =>
  answer.match(/[^.!?]+[.!?]+"?/g)!.map((one) => one.trim()),
)

test('every sentence of the help page has a proof, and there is no other', () => {
  expect(Object.keys(proofs).sort()).toEqual([...sentences].sort())
})

test.each(Object.entries(proofs))('"%s" is held by a test that exists', (_sentence, [file, name]) => {
  expect(readFileSync(join(import.meta.dirname, '../..', file), 'utf8')).toContain(name)
})
