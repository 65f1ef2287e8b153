import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { addDays, addHours, addMinutes, clockOffsetMs, now, setClockOffset, toRealTime } from './time.ts'

const real = new Date('2027-02-28T23:59:59.999Z')

beforeEach(() => {
  vi.useFakeTimers({ now: real, toFake: ['Date'] })
})
afterEach(() => {
  setClockOffset(0)
  vi.useRealTimers()
})

describe('the clock', () => {
  it('shows the real time until it is moved', () => {
    expect(now()).toEqual(real)
    expect(clockOffsetMs()).toBe(0)
  })

  it.each([3_600_000, -3_600_000, 1])('shows %i ms more after such a move, and goes on', (offset) => {
    setClockOffset(offset)
    expect(clockOffsetMs()).toBe(offset)
    expect(now().getTime()).toBe(real.getTime() + offset)
    vi.setSystemTime(real.getTime() + 250)
    expect(now().getTime()).toBe(real.getTime() + offset + 250)
  })

  it('converts a moment of the moved clock to real time', () => {
    setClockOffset(900_000)
    expect(toRealTime(now())).toEqual(real)
    expect(toRealTime(addMinutes(now(), 15)).getTime()).toBe(real.getTime() + 900_000)
  })
})

describe('adding', () => {
  it('adds elapsed time over any change of day, and does not change its argument', () => {
    const start = new Date('2028-02-28T23:30:00Z')
    expect(addMinutes(start, 45).toISOString()).toBe('2028-02-29T00:15:00.000Z')
    expect(addHours(start, 24.5).toISOString()).toBe('2028-03-01T00:00:00.000Z')
    expect(addDays(start, 2).toISOString()).toBe('2028-03-01T23:30:00.000Z')
    expect(addDays(start, -1).toISOString()).toBe('2028-02-27T23:30:00.000Z')
    expect(start.toISOString()).toBe('2028-02-28T23:30:00.000Z')
  })
})
