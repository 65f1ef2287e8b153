import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { reconnectAfterMs, type Connections, openConnections } from './connections.ts'
import type { Peer, Signal } from './peer.ts'

type Side = {
  visitId: string
  connections: Connections
  live: object | undefined
  standsWith: object | undefined
}

const lookMs = 3_000

/**
 * Two browsers and their signals: an answer to an offer connects them, if
 * both of its connections are still open.
 */
function twoPeople(fate: () => { delaysMs: number[] }) {
  const sides: Side[] = []
  let visits = 0
  let tokens = 0
  const offers = new Map<string, object>()
  const stand = (side: Side, peer: object | undefined) => {
    side.standsWith = peer
    side.connections.setConnected(peer !== undefined)
  }

  function enter(place: number): void {
    const visitId = `visit ${++visits}`
    const otherSide = () => sides[1 - place]
    const side: Side = {
      visitId,
      live: undefined,
      standsWith: undefined,
      connections: openConnections({
        tell(to, body) {
          for (const delayMs of fate().delaysMs) {
            setTimeout(() => {
              const other = otherSide()
              if (other?.visitId === to) other.connections.receive(visitId, structuredClone(body))
            }, delayMs)
          }
        },
        open(isLeading, send) {
          const mine = {}
          side.live = mine
          side.standsWith = undefined
          const give = (type: 'offer' | 'answer', sdp: string) => send({ description: { type, sdp } })
          const peer: Peer = {
            receive({ description }: Signal) {
              const sdp = description?.sdp ?? ''
              const token = `${++tokens}`
              offers.set(token, mine)
              if (description?.type === 'offer') return give('answer', `${sdp} ${token}`)
              const [offer = '', answer = ''] = sdp.split(' ')
              const other = otherSide()
              if (
                !other ||
                offers.get(offer) !== mine ||
                offers.get(answer) !== other.live ||
                side.live !== mine
              )
                return
              stand(side, mine)
              stand(other, other.live)
            },
            close() {
              const other = otherSide()
              if (side.live === mine) side.live = undefined
              if (side.standsWith === mine) side.standsWith = undefined
              // The other side notices after a while.
              if (other?.standsWith)
                setTimeout(() => other.standsWith && !side.standsWith && stand(other, undefined), 5_000)
            },
            setTracks() {},
            say: () => true,
            lookForNewWay() {},
            stats: () => Promise.reject(new Error('not asked')),
          }
          if (isLeading) {
            const token = `${++tokens}`
            offers.set(token, mine)
            // An opening connection sends its offer after `open` has returned.
            setTimeout(() => give('offer', token), 1)
          }
          return peer
        },
      }),
    }
    sides[place]?.connections.stop()
    sides[place] = side
    const other = otherSide()
    if (!other) return
    side.connections.start(other.visitId, true)
    other.connections.start(visitId, false)
  }

  enter(0)
  enter(1)
  const looks = [0, 1].map((place) =>
    setTimeout(() => setInterval(() => sides[place]?.connections.check(), lookMs), place * 700),
  )
  return {
    enter,
    anew: (place: number) => sides[place]?.connections.reconnect(),
    breakOff: () => sides.forEach((side) => stand(side, undefined)),
    haveEachOther: () =>
      sides.every(({ standsWith, live }) => standsWith !== undefined && standsWith === live),
    stop: () => looks.forEach(clearTimeout),
  }
}

afterEach(() => vi.useRealTimers())

const happening = fc.record({
  afterMs: fc.integer({ min: 0, max: 9_000 }),
  what: fc.constantFrom(
    'nothing',
    'break',
    'anew of both',
    'anew of one',
    'reload of one',
    'reload of the other',
    'both reload',
  ),
})
const fates = fc.array(fc.constantFrom<number[][]>([], [20], [20, 4_000], [2_000], [9_000]), {
  minLength: 40,
  maxLength: 40,
})

test('two people reconnect whatever signals are lost, late or doubled and whoever starts at once', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 8 }), fates, (happenings, told) => {
      vi.useFakeTimers()
      let isCalm = false
      let index = 0
      const two = twoPeople(() => ({ delaysMs: isCalm ? [20] : told[index++ % told.length]! }))
      for (const { afterMs, what } of happenings) {
        vi.advanceTimersByTime(afterMs)
        if (what === 'break') two.breakOff()
        if (what.startsWith('anew')) two.anew(0)
        if (what === 'anew of both') two.anew(1)
        if (what === 'reload of one' || what === 'both reload') two.enter(0)
        if (what === 'reload of the other' || what === 'both reload') two.enter(1)
      }
      isCalm = true
      // Late signals have arrived, followed by one undisturbed attempt.
      vi.advanceTimersByTime(10_000 + 5_000 + 2 * (reconnectAfterMs + lookMs))
      const isWell = two.haveEachOther()
      two.stop()
      vi.clearAllTimers()
      vi.useRealTimers()
      expect(isWell).toBe(true)
    }),
    { numRuns: Number(process.env['MEETING_RUNS'] ?? 300) },
  )
})

test('a working connection is left alone, only the leader starts one, and old signals are dropped', () => {
  vi.useFakeTimers()
  const opened: boolean[] = []
  const told: unknown[] = []
  const receive = vi.fn<Peer['receive']>()
  const peer = { receive, close() {} } as unknown as Peer
  const connections = openConnections({
    tell: (_to, body) => told.push(body),
    open: (isLeading) => (opened.push(isLeading), peer),
  })
  connections.start('theirs', false)
  vi.advanceTimersByTime(reconnectAfterMs)
  connections.check()
  expect({ opened, told }).toEqual({ opened: [], told: [{ anewAfter: 0 }] })
  connections.receive('theirs', { meeting: 2, signal: {} })
  connections.setConnected(true)
  vi.advanceTimersByTime(10 * reconnectAfterMs)
  connections.check()
  connections.receive('theirs', { meeting: 1, signal: {} })
  expect({ opened, told: told.length, received: receive.mock.calls.length }).toEqual({
    opened: [false],
    told: 1,
    received: 1,
  })
})
