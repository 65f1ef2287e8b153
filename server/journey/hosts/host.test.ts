import { expect, test } from 'vitest'
import { readHost } from './host.ts'
import { readNumber } from './read-number.ts'
import { readPlace } from './read-place.ts'

const read = (mobileNumber: unknown, place = 'Australia / Australia/Sydney') => {
  const fields = {
    'Full Name': 'Amelia Hart',
    'Country / Time Zone': place,
    'Mobile Number': mobileNumber,
  }
  const host = readHost({ id: 'rec1', fields }, { readPlace, readNumber }, true)
  return 'unreadable' in host ? host.unreadable : host.mobileNumber
}

test.each([
  ['+61 491 570 006', 'Australia / Australia/Sydney', '+61491570006'],
  ['+61 (0)491 570 006', 'Australia / Australia/Sydney', '+61491570006'],
  ['0491 570 006', 'Australia / Australia/Sydney', '+61491570006'],
  ['61491570006', 'Australia / Australia/Sydney', '+61491570006'],
  [61491570006, 'Australia / Australia/Sydney', '+61491570006'],
  ['tel:+61-491-570-006', 'Japan / Asia/Tokyo', '+61491570006'],
  ['+81 090 1234 5678', 'Australia / Australia/Sydney', '+819012345678'],
  ['090-1234-5678', 'Japan / Asia/Tokyo', '+819012345678'],
  ['090-1234-5678', 'Asia/Tokyo', '+819012345678'],
  ['01512 3456789', 'DE / Europe/Berlin', '+4915123456789'],
  ['021 123 4567', 'Pacific/Auckland', '+64211234567'],
  ['080123 45678', 'Asia/Kolkata', '+918012345678'],
  ['\u2068+61\u00a0491\u2011570\u2011006\u2069', 'Australia / Australia/Sydney', '+61491570006'],
])(
  'the number %s of a host in %s is kept as %s, so that they can sign in with it',
  (written, place, kept) => {
    expect(read(written, place)).toBe(kept)
  },
)

test.each(['', '\u200b', undefined, null])(
  'a row without a number (%j) gives a host without one',
  (written) => {
    expect(read(written)).toBeNull()
  },
)

test.each([
  ['ask Amelia', 'cannot be read'],
  ['0491 570 00', 'cannot be read'],
  ['+61 2 9876 5432', 'landline'],
  ['02 9876 5432', 'landline'],
])('a row with %s for a number says why it cannot be read: %s', (written, why) => {
  expect(read(written)).toContain(why)
  expect(read(written)).toContain(written)
})

test.each([
  ['Australia / Australia/Sydney', 'Australia', 'Australia/Sydney'],
  ['Australia / australia/sydney', 'Australia', 'Australia/Sydney'],
  ['Australia/Sydney', '', 'Australia/Sydney'],
  ['Australia／Australia／Sydney', 'Australia', 'Australia/Sydney'],
  ['Australia/Australia/Sydney', 'Australia', 'Australia/Sydney'],
  ['Australia – Australia/Sydney', 'Australia', 'Australia/Sydney'],
  ['Australia, Australia/Lord Howe', 'Australia', 'Australia/Lord_Howe'],
  ['\u200bAustralia\u00a0/ Australia/Sydney\u2069', 'Australia', 'Australia/Sydney'],
  ['Australia / Sydney', 'Australia', 'Australia/Sydney'],
  ['United States / New York', 'United States', 'America/New_York'],
  ['Argentina / America/Argentina/Buenos_Aires', 'Argentina', 'America/Argentina/Buenos_Aires'],
  ['India / Asia/Kolkata', 'India', 'Asia/Kolkata'],
  ['Australia / AUS Eastern Standard Time', 'Australia', 'Australia/Sydney'],
  ['United Kingdom / gmt standard time', 'United Kingdom', 'Europe/London'],
])('the place "%s" is read as %s, %s', (cell, country, timeZone) => {
  expect(readPlace(cell)).toEqual({ country, timeZone })
})

test.each(['', 'Australia', 'Australia / Atlantis', '+10:00', 'Australia / +10:00', 'AET', 'Etc/Unknown'])(
  'the place "%s" has no zone that every browser knows',
  (cell) => {
    expect(readPlace(cell)).toBeUndefined()
  },
)
