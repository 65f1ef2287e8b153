import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId } from '../../lib/ids.ts'
import { outcomeOf, roomName } from './room.ts'

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
      fc.property(fc.uuid(), fc.uuid(), fc.integer({ min: 0, max: 1295 }), fc.integer({ min: 0, max: 1295 }), (id, other, attempt, next) => {
        expect(roomName(id, attempt) === roomName(other, next)).toBe(id === other && attempt === next)
        expect(roomName(id, attempt) === roomName(id, next)).toBe(attempt === next)
      }),
    )
    const names = Array.from({ length: 1000 }, () => roomName(newId(), 1))
    expect(new Set(names).size).toBe(1000)
  })

  it.each([-1, 1.5, 1296, Number.NaN])('refuses attempt %d rather than make a name that is too long or taken', (attempt) =>
    expect(() => roomName('0190d5a2-1234-7abc-8def-0123456789ab', attempt)).toThrow(RangeError),
  )
})

describe('what happened in the room', () => {
  it.each([
    [{ hostSeconds: 1, memberSeconds: 1, anySignal: true }, 'held'],
    [{ hostSeconds: 600, memberSeconds: 1, anySignal: true }, 'held'],
    [{ hostSeconds: 1, memberSeconds: 0, anySignal: true }, 'member_absent'],
    [{ hostSeconds: 0, memberSeconds: 1, anySignal: true }, 'host_absent'],
    [{ hostSeconds: 0, memberSeconds: 0, anySignal: true }, 'host_absent'],
    [{ hostSeconds: 0, memberSeconds: 0, anySignal: false }, 'attendance_unknown'],
  ] as const)('%o is %s', (attendance, outcome) => expect(outcomeOf(attendance)).toBe(outcome))

  it('is never guessed without a signal, and with one follows from who was there at all', () => {
    const seconds = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1800 }), fc.double({ min: 0, max: 1800, noNaN: true }))
    fc.assert(
      fc.property(seconds, seconds, fc.boolean(), (hostSeconds, memberSeconds, anySignal) => {
        const outcome = outcomeOf({ hostSeconds, memberSeconds, anySignal })
        expect(outcome === 'attendance_unknown').toBe(!anySignal)
        if (!anySignal) return
        expect(outcome === 'held').toBe(hostSeconds > 0 && memberSeconds > 0)
        expect(outcome === 'member_absent').toBe(hostSeconds > 0 && !(memberSeconds > 0))
        expect(outcome === 'host_absent').toBe(!(hostSeconds > 0))
      }),
    )
  })
})
