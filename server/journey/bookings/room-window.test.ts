import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRoomOpen, roomClosesAt, roomOpensAt } from './room-window.ts'

const start = new Date('2027-03-28T01:00:00.000Z')
const end = new Date('2027-03-28T01:10:00.000Z')

describe('the window of a room', () => {
  it('is from 15 minutes before the start until 5 minutes after the end', () => {
    expect(roomOpensAt(start).toISOString()).toBe('2027-03-28T00:45:00.000Z')
    expect(roomClosesAt(end).toISOString()).toBe('2027-03-28T01:15:00.000Z')
  })

  it.each([
    ['2027-03-28T00:44:59.999Z', false],
    ['2027-03-28T00:45:00.000Z', true],
    ['2027-03-28T01:00:00.000Z', true],
    ['2027-03-28T01:14:59.999Z', true],
    ['2027-03-28T01:15:00.000Z', false],
    ['2026-03-28T01:00:00.000Z', false],
    ['2028-03-28T01:00:00.000Z', false],
  ])('at %s it is open: %s', (moment, open) => expect(isRoomOpen(start, end, new Date(moment))).toBe(open))

  it('agrees with its two ends at every millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: -2_000_000, max: 2_000_000 }), (offset) => {
        const now = new Date(start.getTime() + offset)
        expect(isRoomOpen(start, end, now)).toBe(offset >= -900_000 && offset < 900_000)
      }),
    )
  })
})
