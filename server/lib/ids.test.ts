import { afterEach, describe, expect, it, vi } from 'vitest'
import { isId, newId } from './ids.ts'
import { setClockOffset } from './time.ts'

afterEach(() => {
  setClockOffset(0)
  vi.useRealTimers()
})

describe('newId', () => {
  it('is a UUID of version 7 with the variant of RFC 9562', () => {
    for (let count = 0; count < 1000; count++) {
      expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
  })

  it('begins with the milliseconds of the clock, also after a move of the clock', () => {
    vi.useFakeTimers({ now: 0x0190d5a21234, toFake: ['Date'] })
    expect(newId()).toMatch(/^0190d5a2-1234-7/)
    setClockOffset(0x10000)
    expect(newId()).toMatch(/^0190d5a3-1234-7/)
  })

  it('sorts by the time of its creation', () => {
    vi.useFakeTimers({ now: 0, toFake: ['Date'] })
    const ids = [0, 1, 255, 256, 65_535, 2 ** 32 - 1, 2 ** 32, Date.UTC(2027, 0), Date.UTC(2099, 0)].map(
      (moment) => {
        vi.setSystemTime(moment)
        return newId()
      },
    )
    expect(ids.toSorted()).toEqual(ids)
  })

  it('does not repeat within one millisecond', () => {
    vi.useFakeTimers({ now: 1, toFake: ['Date'] })
    expect(new Set(Array.from({ length: 10_000 }, () => newId())).size).toBe(10_000)
  })
})

describe('isId', () => {
  it('accepts a new id', () => expect(isId(newId())).toBe(true))

  it.each([
    '',
    'rec0123456789abcd',
    '0190d5a2-1234-7000-8000-00000000000',
    '0190d5a2-1234-7000-8000-0000000000000',
    '0190d5a2-1234-7000-8000-000000000000\n',
    ' 0190d5a2-1234-7000-8000-000000000000',
    '0190d5a212347000800000000000000000',
    "0190d5a2-1234-7000-8000-00000000000'",
  ])('refuses %j', (text) => expect(isId(text)).toBe(false))
})
