import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { merge, subtract, type Interval } from './intervals.ts'

const interval = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: -3, max: 12 }))
  .map(([start, length]): Interval => [start, start + length])
const intervals = fc.array(interval, { maxLength: 12 })
const covers = (all: Interval[], point: number) => all.some(([start, end]) => start <= point && point < end)
const points = Array.from({ length: 60 }, (_, point) => point)

function expectTidy(result: Interval[]) {
  for (const [start, end] of result) expect(start).toBeLessThan(end)
  for (let index = 1; index < result.length; index++)
    expect(result[index - 1]![1]).toBeLessThan(result[index]![0])
}

describe('merge', () => {
  it.each([
    [
      'touching',
      [
        [0, 5],
        [5, 9],
      ],
      [[0, 9]],
    ],
    [
      'overlapping, in any order',
      [
        [4, 9],
        [0, 5],
      ],
      [[0, 9]],
    ],
    [
      'one inside the other',
      [
        [0, 9],
        [2, 3],
        [8, 9],
      ],
      [[0, 9]],
    ],
    [
      'apart',
      [
        [0, 2],
        [3, 4],
      ],
      [
        [0, 2],
        [3, 4],
      ],
    ],
    [
      'empty and backward',
      [
        [3, 3],
        [9, 4],
      ],
      [],
    ],
  ] as [string, Interval[], Interval[]][])('%s', (_, input, expected) =>
    expect(merge(input)).toEqual(expected),
  )

  it('covers exactly what its input covers, in order, with nothing that touches', () => {
    fc.assert(
      fc.property(intervals, (input) => {
        const before = structuredClone(input)
        const result = merge(input)
        expectTidy(result)
        for (const point of points) expect(covers(result, point)).toBe(covers(input, point))
        expect(input).toEqual(before)
      }),
    )
  })
})

describe('subtract', () => {
  it('leaves exactly what is open and not closed', () => {
    fc.assert(
      fc.property(intervals, intervals, (open, closed) => {
        const result = subtract(merge(open), merge(closed))
        expectTidy(result)
        for (const point of points)
          expect(covers(result, point)).toBe(covers(open, point) && !covers(closed, point))
      }),
    )
  })
})
