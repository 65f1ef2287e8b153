import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { centsToAmount, formatMoney, percentOf, splitEvenly } from './money.ts'

const cents = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })

describe('percentOf', () => {
  it.each([
    [1800, 67, 1206],
    [4000, 75, 3000],
    [1, 50, 1], // half a cent goes up
    [1, 49, 0],
    [3, 50, 2],
    [0, 67, 0],
    [999, 0, 0],
    [999, 100, 999],
    [101, 67, 68], // 67.67
    [100, 67, 67],
  ])('of %i cents, %i percent is %i cents', (amount, percent, part) =>
    expect(percentOf(amount, percent)).toBe(part),
  )

  it('is a whole number within half a cent of the exact part', () => {
    fc.assert(
      fc.property(cents, fc.integer({ min: 0, max: 100 }), (amount, percent) => {
        const part = percentOf(amount, percent)
        expect(Number.isSafeInteger(part)).toBe(true)
        expect(Math.abs(100 * part - amount * percent)).toBeLessThanOrEqual(50)
      }),
    )
  })

  it.each([
    [1.5, 50],
    [0.01, 50],
    [Number.NaN, 50],
    [Number.MAX_SAFE_INTEGER, 50],
    [100, 12.5],
    [100, -1],
    [100, 101],
    [100, Number.NaN],
  ])('refuses %d cents at %d percent', (amount, percent) =>
    expect(() => percentOf(amount, percent)).toThrow(RangeError),
  )
})

describe('splitEvenly', () => {
  it.each([
    [4000, 3, [1334, 1333, 1333]],
    [1800, 1, [1800]],
    [2, 3, [1, 1, 0]],
    [0, 2, [0, 0]],
    [-100, 3, [-33, -33, -34]],
  ])('splits %i cents in %i', (amount, parts, expected) =>
    expect(splitEvenly(amount, parts)).toEqual(expected),
  )

  it('loses no cent and makes parts equal to a cent, the larger first', () => {
    fc.assert(
      fc.property(cents, fc.integer({ min: 1, max: 60 }), (amount, count) => {
        const parts = splitEvenly(amount, count)
        expect(parts).toHaveLength(count)
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(amount)
        expect(parts[0]! - parts.at(-1)!).toBeLessThanOrEqual(1)
        expect(parts).toEqual(parts.toSorted((a, b) => b - a))
      }),
    )
  })

  it.each([
    [0.5, 2],
    [Number.POSITIVE_INFINITY, 2],
    [100, 0],
    [100, -1],
    [100, 1.5],
  ])('refuses %d cents in %d parts', (amount, parts) =>
    expect(() => splitEvenly(amount, parts)).toThrow(RangeError),
  )
})

describe('money for people and for machines', () => {
  it.each([
    [1800, '$18.00'],
    [1334, '$13.34'],
    [5, '$0.05'],
    [0, '$0.00'],
    [123_456_789, '$1,234,567.89'],
    [-1206, '-$12.06'],
  ])('writes %i cents as %s', (amount, text) => expect(formatMoney(amount, 'AUD')).toBe(text))

  it('names the country of its dollars where the locale has other dollars', () => {
    expect(formatMoney(1800, 'AUD', 'en-US')).toBe('A$18.00')
  })

  it.each([
    [1800, 18],
    [1334, 13.34],
    [1, 0.01],
  ])('%i cents are the amount %d', (amount, number) => expect(centsToAmount(amount)).toBe(number))

  it('refuses fractions of a cent', () => {
    expect(() => formatMoney(18.5, 'AUD')).toThrow(RangeError)
    expect(() => centsToAmount(18.5)).toThrow(RangeError)
  })
})
