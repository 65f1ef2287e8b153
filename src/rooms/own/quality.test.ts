import { expect, test } from 'vitest'
import { lostShare, qualityOf, readStats } from './quality.ts'

test('quality is the worse of delay and loss', () => {
  expect(qualityOf({ roundTripMs: 40, lostShare: 0 })).toBe('good')
  expect(qualityOf({ roundTripMs: 400, lostShare: 0 })).toBe('fair')
  expect(qualityOf({ roundTripMs: 40, lostShare: 0.05 })).toBe('fair')
  expect(qualityOf({ roundTripMs: 700, lostShare: 0 })).toBe('poor')
  expect(qualityOf({ roundTripMs: 40, lostShare: 0.2 })).toBe('poor')
})

test('loss is counted since the last report, not since the beginning', () => {
  expect(lostShare({ received: 1000, lost: 500 }, { received: 1090, lost: 510 })).toBeCloseTo(0.1)
  expect(lostShare({ received: 5, lost: 1 }, { received: 5, lost: 1 })).toBe(0)
})

test('there is no quality before the connection is established', () => {
  const stats = (entries: object[]) =>
    new Map(entries.map((entry, index) => [String(index), entry])) as unknown as RTCStatsReport
  expect(readStats(stats([{ type: 'inbound-rtp', packetsReceived: 4 }]))).toBe(undefined)
  expect(
    readStats(
      stats([
        { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.05 },
        { type: 'inbound-rtp', packetsReceived: 4, packetsLost: 1 },
      ]),
    ),
  ).toEqual({ roundTripMs: 50, counted: { received: 4, lost: 1, frames: 0 } })
})
