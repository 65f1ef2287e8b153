import { expect, test } from 'vitest'
import { readHost } from './host.ts'

const numberOf = (mobileNumber: unknown) => {
  const host = readHost(
    {
      id: 'rec1',
      fields: {
        'Full Name': 'Amelia Hart',
        'Country / Time Zone': 'Australia / Australia/Sydney',
        'Mobile Number': mobileNumber,
      },
    },
    () => true,
    true,
  )
  return 'unreadable' in host ? undefined : host.mobileNumber
}

test.each([
  ['+61 491 570 006', '+61491570006'],
  ['+61 (0)491 570 006', '+61491570006'],
  ['+81 090 1234 5678', '+819012345678'],
  ['\u2068+61\u00a0491\u2011570\u2011006\u2069', '+61491570006'],
])('the number %s of a row is kept as %s, so that the host can sign in with it', (written, kept) => {
  expect(numberOf(written)).toBe(kept)
})

test.each(['', 'ask Amelia', '0491 570 006', '+61 2 9876 5432', undefined, 61491570006])(
  'a row with %s for a number gives a host without one, and no message goes astray',
  (written) => {
    expect(numberOf(written)).toBeNull()
  },
)
