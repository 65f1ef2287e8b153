import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bookingEvents,
  bookingStates,
  canBeRefunded,
  changeIsFree,
  hasExpired,
  isEnded,
  isLive,
  startsWhileValid,
  transition,
  type BookingEvent,
  type BookingState,
} from './booking.ts'

// Written from the description of a booking's life, not from the code. A dash: nothing changes.
//                       pending     created      completed  cancelled  expired
const life = `
  scheduled            created     -            -          -          -
  calendar_refused     -           pending      -          -          -
  moved                -           created      -          -          -
  move_refused         -           created      -          -          -
  cancelled_in_time    -           pending      -          -          -
  cancelled_late       -           completed    -          -          -
  host_cancelled       -           pending      -          -          -
  ended_by_us          -           pending      -          -          -
  held                 -           completed    -          -          -
  member_absent        -           completed    -          -          -
  host_absent          -           pending      -          -          -
  attendance_unknown   -           created      -          -          -
  ended_by_report      -           created      -          -          -
  decided_for_host     -           completed    -          -          -
  decided_for_member   -           pending      -          -          -
  refunded             cancelled   cancelled    -          -          -
  expired              expired     -            -          -          -
`
const columns: BookingState[] = ['pending', 'created', 'completed', 'cancelled', 'expired']
const cells = life
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))
  .flatMap(([event, ...states]) =>
    states.map((to, index) => ({ event: event as BookingEvent, from: columns[index]!, to })),
  )

// Exactly what follows from each event that changes or confirms a state.
const consequences: Record<string, { outcome?: string; effects: string[] }> = {
  'pending scheduled': { effects: ['book_calendar', 'plan_room'] },
  'pending refunded': { effects: [] },
  'pending expired': { effects: [] },
  'created calendar_refused': { effects: [] },
  'created moved': { effects: ['book_calendar', 'close_room', 'plan_room', 'tell_moved'] },
  'created move_refused': { effects: ['plan_room'] },
  'created cancelled_in_time': { effects: ['close_room', 'release_calendar', 'tell_cancelled'] },
  'created cancelled_late': {
    outcome: 'late_cancellation',
    effects: ['close_room', 'earn', 'pay_host', 'release_calendar', 'tell_cancelled'],
  },
  'created ended_by_us': {
    effects: ['close_room', 'extend_validity', 'release_calendar', 'tell_ended'],
  },
  'created host_cancelled': {
    effects: ['close_room', 'extend_validity', 'release_calendar', 'tell_cancelled'],
  },
  'created held': { outcome: 'held', effects: ['close_room', 'earn', 'pay_host', 'tell_thanks'] },
  'created member_absent': {
    outcome: 'member_no_show',
    effects: ['close_room', 'earn', 'mark_absent', 'pay_host'],
  },
  'created host_absent': {
    outcome: 'host_no_show',
    effects: ['close_room', 'extend_validity', 'mark_absent', 'tell_host_failed'],
  },
  'created ended_by_report': { outcome: 'unknown', effects: ['close_room'] },
  'created decided_for_host': { outcome: 'held', effects: ['close_room', 'earn', 'pay_host'] },
  'created decided_for_member': { effects: ['close_room', 'extend_validity'] },
  'created refunded': { effects: ['close_room', 'release_calendar', 'tell_cancelled'] },
  'created attendance_unknown': { outcome: 'unknown', effects: ['ask_operator', 'close_room'] },
}

describe('the whole life of a booking', () => {
  it('is in the table below, cell by cell', () => {
    expect(cells).toHaveLength(85)
    expect(new Set(cells.map((cell) => cell.event))).toEqual(new Set(bookingEvents))
    expect(columns).toEqual([...bookingStates])
  })

  it.each(cells)('$event leads a $from booking to: $to', ({ event, from, to }) => {
    expect(transition(from, event)?.to ?? '-').toBe(to)
  })

  it.each(cells)('$event has its effects on a $from booking and no others', ({ event, from }) => {
    const step = transition(from, event)
    const expected = consequences[`${from} ${event}`]
    expect(step && { outcome: step.outcome, effects: step.effects.toSorted() }).toEqual(
      expected && { outcome: expected.outcome, effects: expected.effects },
    )
  })
})

describe('whatever happens in whatever order', () => {
  const events = fc.array(fc.constantFrom(...bookingEvents), { maxLength: 40 })

  function live(history: BookingEvent[]) {
    let state: BookingState = 'pending'
    const steps = []
    for (const event of history) {
      const step = transition(state, event)
      if (!step) continue
      steps.push({ from: state, event, ...step })
      state = step.to
    }
    return { state, steps }
  }

  it('a session is earned and paid at most once, and exactly when it is completed', () => {
    fc.assert(
      fc.property(events, (history) => {
        const { state, steps } = live(history)
        const earned = steps.filter(({ effects }) => effects.includes('earn'))
        const paid = steps.filter(({ effects }) => effects.includes('pay_host'))
        expect(earned).toEqual(paid)
        expect(earned).toHaveLength(state === 'completed' ? 1 : 0)
      }),
    )
  })

  it('nothing follows an end', () => {
    fc.assert(
      fc.property(events, (history) => {
        const { steps } = live(history)
        for (const { from } of steps) expect(isEnded(from)).toBe(false)
      }),
    )
  })

  it('a booking that gives up its time closes its room, unless the calendar refused the time', () => {
    for (const event of bookingEvents) {
      const step = transition('created', event)
      if (step && !event.endsWith('_refused')) expect(step.effects).toContain('close_room')
    }
  })

  it('every state can be reached, and from each of them an end can be reached', () => {
    const reached = new Set<BookingState>(['pending'])
    for (const state of reached)
      for (const event of bookingEvents) reached.add(transition(state, event)?.to ?? state)
    expect(reached).toEqual(new Set(bookingStates))
  })
})

describe('states', () => {
  it.each([
    ['pending', false, false],
    ['created', true, false],
    ['completed', false, true],
    ['cancelled', false, true],
    ['expired', false, true],
  ] as const)('%s: live %s, ended %s', (state, isNowLive, hasEnded) => {
    expect(isLive(state)).toBe(isNowLive)
    expect(isEnded(state)).toBe(hasEnded)
  })
})

const moment = (text: string) => new Date(text)

describe('cancelling or moving', () => {
  const start = moment('2027-04-04T02:30:00.000Z')
  it.each([
    ['2027-04-03T14:29:59.999Z', 12, true],
    ['2027-04-03T14:30:00.000Z', 12, true], // exactly 12 hours
    ['2027-04-03T14:30:00.001Z', 12, false],
    ['2027-04-04T02:30:00.000Z', 12, false],
    ['2027-04-04T03:00:00.000Z', 12, false],
    ['2027-04-04T02:30:00.000Z', 0, true],
    ['2027-04-04T02:30:00.001Z', 0, false],
    ['2027-04-03T02:30:00.000Z', 24, true],
    ['2027-04-03T02:30:00.001Z', 24, false],
  ])('at %s, under terms of %i hours, is free: %s', (now, hours, free) => {
    expect(changeIsFree(start, moment(now), hours)).toBe(free)
  })
})

describe('validity, to the millisecond', () => {
  const until = moment('2027-02-28T00:00:00.000Z')
  const before = moment('2027-02-27T23:59:59.999Z')
  const after = moment('2027-02-28T00:00:00.001Z')

  it('a session must start before its end, not at it', () => {
    expect(startsWhileValid(before, until)).toBe(true)
    expect(startsWhileValid(until, until)).toBe(false)
    expect(startsWhileValid(after, until)).toBe(false)
  })

  it.each(bookingStates)('a %s booking expires at its end only if it waits for a time', (state) => {
    const waits = state === 'pending'
    expect(hasExpired(state, until, before)).toBe(false)
    expect(hasExpired(state, until, until)).toBe(waits)
    expect(hasExpired(state, until, after)).toBe(waits)
  })

  it.each(bookingStates)(
    'a %s booking can be refunded until its end only if it waits for a time',
    (state) => {
      const waits = state === 'pending'
      expect(canBeRefunded(state, until, before)).toBe(waits)
      expect(canBeRefunded(state, until, until)).toBe(false)
      expect(canBeRefunded(state, until, after)).toBe(false)
    },
  )

  it('a session without a time is at every moment either refundable or expired', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 5 }), (offset) => {
        const now = new Date(until.getTime() + offset)
        expect(hasExpired('pending', until, now)).toBe(!canBeRefunded('pending', until, now))
      }),
    )
  })
})
