import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId } from '../../lib/ids.ts'
import { isAlone, mayLeaveAt, outcomeOf, roomName, type Stay } from './room.ts'

describe('roomName', () => {
  it('is what Daily allows: at most 29 characters of lower-case letters, digits and hyphens', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 0, max: 1295 }), (id, attempt) => {
        expect(roomName(id, attempt)).toMatch(/^[0-9a-z-]{1,29}$/)
      }),
    )
    expect(roomName('ffffffff-ffff-ffff-ffff-ffffffffffff', 1295)).toHaveLength(29)
  })

  it('is the same whenever it is asked for, also by an older release', () => {
    expect(roomName('0190d5a2-1234-7abc-8def-0123456789ab', 1)).toBe('01j3at44hmfay8vvr14d2pf2db-1')
    expect(roomName('0190D5A2-1234-7ABC-8DEF-0123456789AB', 1)).toBe('01j3at44hmfay8vvr14d2pf2db-1')
    expect(roomName('00000000-0000-0000-0000-000000000000', 36)).toBe('00000000000000000000000000-10')
  })

  it('differs for every booking and every attempt', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.uuid(),
        fc.integer({ min: 0, max: 1295 }),
        fc.integer({ min: 0, max: 1295 }),
        (id, other, attempt, next) => {
          expect(roomName(id, attempt) === roomName(other, next)).toBe(id === other && attempt === next)
          expect(roomName(id, attempt) === roomName(id, next)).toBe(attempt === next)
        },
      ),
    )
    const names = Array.from({ length: 1000 }, () => roomName(newId(), 1))
    expect(new Set(names).size).toBe(1000)
  })

  it.each([-1, 1.5, 1296, Number.NaN])(
    'refuses attempt %d rather than make a name that is too long or taken',
    (attempt) => expect(() => roomName('0190d5a2-1234-7abc-8def-0123456789ab', attempt)).toThrow(RangeError),
  )
})

const start = new Date('2027-03-01T10:00:00.000Z')
const end = new Date('2027-03-01T10:10:00.000Z')
/** A stay in minutes from the start of the session. */
const stay = (role: Stay['role'], from: number, to: number | null): Stay => ({
  role,
  joinedAt: new Date(start.getTime() + from * 60_000),
  leftAt: to === null ? null : new Date(start.getTime() + to * 60_000),
})
const host = (from: number, to: number | null) => stay('host', from, to)
const member = (from: number, to: number | null) => stay('member', from, to)

describe('what happened in the room', () => {
  it.each([
    ['nobody gave any sign', [], 'attendance_unknown'],
    ['both were there throughout', [host(-2, 10), member(-1, 10)], 'held'],
    ['both are still there', [host(-2, null), member(4, null)], 'held'],
    ['they met for a second', [host(0, 10), member(9.99, 10)], 'held'],
    ['a stay without length counts for a second', [host(3, 3), member(3, 3)], 'held'],
    ['both dropped and came back', [host(0, 2), member(0, 2), host(4, 10), member(4, 10)], 'held'],
    ['only the host came', [host(0, 10)], 'member_absent'],
    ['only the host came, and did not wait', [host(0, 1)], 'member_absent'],
    ['only the member came', [member(0, 10)], 'host_absent'],
    [
      'the host waited five minutes and left before the member came',
      [host(-1, 5), member(5.2, 10)],
      'member_absent',
    ],
    ['the host left after two minutes, before the member came', [host(0, 2), member(3, 10)], 'host_absent'],
    [
      'the member waited five minutes and left before the host came',
      [member(-1, 5), host(5.2, 10)],
      'host_absent',
    ],
    ['the member left after two minutes, before the host came', [member(0, 2), host(3, 10)], 'member_absent'],
    [
      'the host looked in before the start and only the member came',
      [host(-10, -9), member(-1, 10)],
      'host_absent',
    ],
    [
      'they met for a moment before the start, and then only the member came',
      [host(-10, -5), member(-6, 10)],
      'host_absent',
    ],
    ['they met early and were done before the start', [host(-14, -1), member(-14, -1)], 'held'],
    [
      'they passed each other before the start, and nobody came',
      [host(-14, -13), member(-13.5, -12)],
      'host_absent',
    ],
    ['the host looked in early, and nobody came', [host(-10, -9)], 'host_absent'],
    ['the member looked in early, and nobody came', [member(-10, -9)], 'host_absent'],
    ['both looked in early, apart, and nobody came', [host(-10, -9), member(-5, -4)], 'host_absent'],
    ['the member came after the end', [host(0, 10), member(10.1, null)], 'member_absent'],
  ] as const)('%s', (_what, stays, outcome) => expect(outcomeOf(stays, start, end)).toBe(outcome))

  const anyStay = fc
    .tuple(
      fc.constantFrom('host' as const, 'member' as const),
      fc.double({ min: -15, max: 12, noNaN: true }),
      fc.option(fc.double({ min: 0, max: 20, noNaN: true })),
    )
    .map(([role, from, minutes]) => stay(role, from, minutes === null ? null : from + minutes))

  it('does not depend on the order of the reports, nor on reports that come twice', () => {
    fc.assert(
      fc.property(fc.array(anyStay, { maxLength: 6 }), (stays) => {
        const told = outcomeOf(stays, start, end)
        expect(outcomeOf(stays.toReversed(), start, end)).toBe(told)
        expect(outcomeOf([...stays, ...stays], start, end)).toBe(told)
      }),
    )
  })

  it('stays held once they have met during the session, whatever else comes to light', () => {
    fc.assert(
      fc.property(fc.array(anyStay, { maxLength: 4 }), (stays) => {
        expect(outcomeOf([...stays, host(1, 2), member(1, 2)], start, end)).toBe('held')
      }),
    )
  })

  it('never charges for a host who was not there during the session, unless they had met', () => {
    fc.assert(
      fc.property(
        fc.array(
          anyStay.filter((one) => one.role === 'member'),
          { minLength: 1, maxLength: 4 },
        ),
        fc.double({ min: -15, max: -1, noNaN: true }),
        (stays, at) => {
          expect(outcomeOf(stays, start, end)).toBe('host_absent')
          expect(outcomeOf([...stays, host(at, at)], start, end)).toBe('host_absent')
        },
      ),
    )
  })
})

describe('somebody who waits', () => {
  const at = (minutes: number) => new Date(start.getTime() + minutes * 60_000)

  it('is alone while the other has not been there since the start', () => {
    expect(isAlone([member(-1, null)], 'member', start, at(5))).toBe(true)
    expect(isAlone([member(-1, null), host(-10, -9)], 'member', start, at(5))).toBe(true)
    expect(isAlone([member(-1, null), host(1, 2)], 'member', start, at(5))).toBe(false)
    expect(isAlone([member(-3, -1)], 'member', start, at(5)), 'somebody who has left no longer waits').toBe(
      false,
    )
    expect(isAlone([member(-1, null)], 'host', start, at(5))).toBe(false)
  })

  it('may leave five minutes after the start', () => expect(mayLeaveAt(start)).toEqual(at(5)))
})
