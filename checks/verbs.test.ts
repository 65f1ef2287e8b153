import { expect, test } from 'vitest'
import { verbProblems } from './verbs.ts'

const path = 'server/journey/bookings/cancel-booking.ts'

test.each([
  'export async function cancelBooking(ctx: Context) {}',
  'export function cancelBooking() {}',
  'const x = 1\nexport const cancelBooking = () => x',
])('a verb file that exports its verb is accepted: %s', (text) => {
  expect(verbProblems([{ path, text }], ['cancel'])).toEqual([])
})

test.each([
  'export async function cancel(ctx: Context) {}',
  'async function cancelBooking() {}',
  'export async function cancelBookings() {}',
  'export type cancelBooking = string',
])('a verb file that does not export its verb is refused: %s', (text) => {
  const [problem, ...others] = verbProblems([{ path, text }], ['cancel'])
  expect(problem).toMatch(/cancel-booking\.ts does not export cancelBooking\. Name the file after the verb/)
  expect(others).toEqual([])
})

test('a verb of the list that no file uses is refused', () => {
  const files = [{ path, text: 'export function cancelBooking() {}' }]
  expect(verbProblems(files, ['cancel', 'juggle'])).toEqual([
    'No file of server/journey begins with "juggle-". Remove "juggle" from the list of verbs.',
  ])
})

test('a noun, a view and routes need not export their name', () => {
  const files = ['booking', 'open-rooms-view', 'calendar-routes', 'cancel-booking.test'].map((name) => ({
    path: `server/journey/bookings/${name}.ts`,
    text: 'export const other = 1',
  }))
  expect(verbProblems(files, [])).toEqual([])
})
