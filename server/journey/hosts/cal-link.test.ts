import { expect, test } from 'vitest'
import { readCalLink } from './cal-link.ts'

test.each([
  ['https://cal.com/amelia/10min', 'amelia', '10min'],
  ['cal.com/amelia/10min', 'amelia', '10min'],
  ['  HTTPS://www.CAL.com/amelia/10min/?month=2026-12#slots ', 'amelia', '10min'],
  ['https://app.cal.com/amelia.hart/10-min', 'amelia.hart', '10-min'],
  ['https://cal.com/team/presence/10min', 'team/presence', '10min'],
  ['https://acme.cal.com/amelia/10min', 'amelia@acme', '10min'],
  ['https://i.cal.com/amelia/10min', 'amelia@i', '10min'],
  ['https://acme.cal.com/team/hosts/10min', 'team/hosts@acme', '10min'],
  ['\u200bhttps://cal.com/amelia/10min', 'amelia', '10min'],
])('the Cal Link %s is understood', (link, username, eventSlug) => {
  expect(readCalLink(link)).toEqual({ username, eventSlug })
})

test.each([
  ['https://cal.com/d/8a7b6c/10min', /private link/],
  ['https://cal.eu/amelia/10min', /cal\.eu/],
  ['https://app.cal.eu/amelia/10min', /cal\.eu/],
  ['https://cal.com/amelia', /names no event type/],
  ['https://cal.com/team/presence', /names no event type/],
  ['https://cal.com/amelia+kenji/10min', /several people/],
  ['https://cal.com/amelia/10min/embed', /longer/],
  ['https://app.cal.com/event-types/123', /settings/],
  ['https://calendly.com/amelia/10min', /does not lead to cal\.com/],
  ['https://mycal.com/amelia/10min', /does not lead to cal\.com/],
  ['ask me', /does not lead|is no address/],
])('the Cal Link %s is refused in words', (link, why) => {
  expect(readCalLink(link)).toEqual({ unreadable: expect.stringMatching(why) })
})

test('a host without a Cal Link is booked in the built-in calendar', () => {
  expect(readCalLink(' ')).toBeUndefined()
})
