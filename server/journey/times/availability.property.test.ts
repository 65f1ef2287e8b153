// The engine against a slow, obvious oracle that looks at every single minute and asks Temporal for
// everything.
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { freeStarts, isFree, type CalendarRules, type SlotQuery } from './availability.ts'
import { whyNotFree } from './why-not-free.ts'

const minute = 60_000

/** Hours of one date as moments, from Temporal; an end that the clock jumps over is the jump. */
function moments(zone: string, date: Temporal.PlainDate, start: string, end: string): [number, number] {
  const opens = date.toPlainDateTime(Temporal.PlainTime.from(start)).toZonedDateTime(zone)
  const endDate = end === '24:00' || end < start ? date.add({ days: 1 }) : date
  const wall = endDate.toPlainDateTime(Temporal.PlainTime.from(end === '24:00' ? '00:00' : end))
  const closes = wall.toZonedDateTime(zone)
  if (closes.toPlainDateTime().equals(wall)) return [opens.epochMilliseconds, closes.epochMilliseconds]
  const jump = wall.toZonedDateTime(zone, { disambiguation: 'earlier' }).getTimeZoneTransition('next')!
  return [opens.epochMilliseconds, jump.epochMilliseconds]
}

function startOf(zone: string, date: Temporal.PlainDate): number {
  return date.toZonedDateTime(zone).epochMilliseconds
}

function slowStarts(rules: CalendarRules, query: SlotQuery): string[] {
  const zone = rules.timeZone
  const viewer = query.viewerTimeZone ?? zone
  const from = query.from.getTime()
  const to = query.to.getTime()
  const on = (moment: number, place: string) =>
    Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(place)

  const open: [number, number][] = []
  const last = on(to, zone).toPlainDate().add({ days: 2 })
  for (
    let date = on(from, zone).toPlainDate().subtract({ days: 2 });
    Temporal.PlainDate.compare(date, last) < 0;
    date = date.add({ days: 1 })
  ) {
    const overrides = (day: Temporal.PlainDate) =>
      rules.dateOverrides.filter((override) => override.date === day.toString())
    const windows =
      overrides(date).length > 0
        ? overrides(date).flatMap((override) => override.windows)
        : rules.weekly.filter((window) => window.days.includes(date.dayOfWeek % 7))
    const next = overrides(date.add({ days: 1 }))
    const nextIsClosed = next.length > 0 && next.every((override) => override.windows.length === 0)
    for (const { start, end } of windows)
      open.push(moments(zone, date, start, nextIsClosed && end < start ? '24:00' : end))
  }

  const closed = query.busy.map(
    ({ kind, start, end, bufferBeforeMinutes, bufferAfterMinutes }): [number, number] => {
      const own =
        kind === 'external'
          ? [0, 0]
          : [bufferBeforeMinutes ?? rules.bufferBeforeMinutes, bufferAfterMinutes ?? rules.bufferAfterMinutes]
      return [
        start.getTime() - (own[0]! + rules.bufferAfterMinutes) * minute,
        end.getTime() + (own[1]! + rules.bufferBeforeMinutes) * minute,
      ]
    },
  )
  const bookedDays = query.busy
    .filter(({ kind }) => kind === 'booking')
    .map(({ start }) => on(start.getTime(), zone).toPlainDate().toString())
  for (const day of new Set(bookedDays)) {
    if (bookedDays.filter((other) => other === day).length >= (rules.maximumPerDay ?? Infinity)) {
      const date = Temporal.PlainDate.from(day)
      closed.push([startOf(zone, date), startOf(zone, date.add({ days: 1 }))])
    }
  }

  const within = (all: [number, number][], moment: number) =>
    all.some(([start, end]) => start <= moment && moment < end)
  const isOpen = (moment: number) =>
    moment >= from && moment < to && within(open, moment) && !within(closed, moment)
  const step = rules.intervalMinutes ?? rules.eventMinutes
  const grain = [60, 30, 20, 15, 10, 5].find((size) => step % size === 0) ?? 1
  const earliest = Math.floor((query.now.getTime() + rules.minimumNoticeMinutes * minute) / minute) * minute
  const horizon = on(query.now.getTime(), viewer)
    .toPlainDate()
    .add({ days: rules.horizonDays ?? 10_000 })

  const starts: number[] = []
  for (let stretch = from; stretch < to; stretch += minute) {
    if (!isOpen(stretch) || isOpen(stretch - minute)) continue
    let end = stretch
    while (isOpen(end)) end += minute
    let start = Math.max(stretch, earliest)
    while (start < end && on(start, viewer).minute % grain !== 0) start += minute
    if (starts.length > 0) start = Math.max(start, starts.at(-1)! + step * minute)
    for (; start + rules.eventMinutes * minute <= end; start += step * minute) starts.push(start)
  }
  return starts
    .filter((start) => Temporal.PlainDate.compare(on(start, viewer).toPlainDate(), horizon) <= 0)
    .filter(
      (start) =>
        !query.reservations.some(
          (reservation) =>
            reservation.owner === 'other' &&
            reservation.releaseAt > query.now &&
            reservation.start.getTime() < start + rules.eventMinutes * minute &&
            reservation.end.getTime() > start,
        ),
    )
    .map((start) => new Date(start).toISOString())
}

// Days on which something unusual happens to a clock, and some on which nothing does.
const places = [
  ['America/New_York', '2027-03-13'],
  ['America/New_York', '2027-11-06'],
  ['Europe/London', '2027-10-30'],
  ['Australia/Lord_Howe', '2027-04-03'],
  ['Australia/Lord_Howe', '2027-10-02'],
  ['Pacific/Chatham', '2027-09-25'],
  ['Pacific/Apia', '2011-12-29'],
  ['America/Sao_Paulo', '2018-11-03'],
  ['Antarctica/Troll', '2027-03-27'],
  ['Asia/Kathmandu', '2028-02-28'],
  ['Pacific/Kiritimati', '2027-12-31'],
  ['America/St_Johns', '2027-03-13'],
  ['UTC', '2028-02-28'],
] as const
const viewers = [
  'UTC',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Sydney',
  'America/New_York',
  'America/St_Johns',
  undefined,
]

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 0, 15, 30, 37, 45))
  .map(([hour, past]) => `${String(hour).padStart(2, '0')}:${String(past).padStart(2, '0')}`)
const span = fc
  .tuple(time, fc.oneof(time, fc.constant('24:00')))
  .filter(([start, end]) => start !== end)
  .map(([start, end]) => ({ start, end }))
const days = fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 })
const buffer = fc.constantFrom(0, 0, 5, 17)

const situation = fc.constantFrom(...places).chain(([timeZone, date]) => {
  const base = Date.parse(`${date}T00:00:00Z`)
  const moment = (first: number, after: number) =>
    fc.integer({ min: first * 60, max: after * 60 }).map((minutes) => base + minutes * minute)
  const stretch = fc
    .tuple(moment(-12, 72), fc.integer({ min: 1, max: 300 }))
    .map(([start, length]) => ({ start: new Date(start), end: new Date(start + length * minute) }))
  return fc.record({
    rules: fc.record({
      timeZone: fc.constant(timeZone as string),
      weekly: fc.array(
        fc.tuple(span, days).map(([window, on]) => ({ ...window, days: on })),
        { maxLength: 3 },
      ),
      dateOverrides: fc.uniqueArray(
        fc.record({
          date: fc
            .integer({ min: -1, max: 3 })
            .map((offset) => new Date(base + offset * 1440 * minute).toISOString().slice(0, 10)),
          windows: fc.array(span, { maxLength: 2 }),
        }),
        { maxLength: 2, selector: ({ date: day }) => day },
      ),
      eventMinutes: fc.constantFrom(10, 10, 15, 20, 25, 30, 45, 60, 7),
      intervalMinutes: fc.constantFrom(null, null, 5, 15, 30, 40, 45, 90),
      minimumNoticeMinutes: fc.constantFrom(0, 0, 60, 1440),
      bufferBeforeMinutes: buffer,
      bufferAfterMinutes: buffer,
      horizonDays: fc.constantFrom(null, null, 0, 1, 30),
      maximumPerDay: fc.constantFrom(null, null, 1, 2),
    }),
    query: fc.record({
      from: moment(-6, 12).map((start) => new Date(start)),
      to: moment(30, 66).map((end) => new Date(end)),
      now: fc
        .tuple(moment(-48, 30), fc.integer({ min: 0, max: 59_999 }))
        .map(([now, rest]) => new Date(now + rest)),
      viewerTimeZone: fc.constantFrom(...viewers),
      busy: fc.array(
        fc
          .tuple(stretch, fc.constantFrom('external' as const, 'booking' as const), buffer)
          .map(([part, kind, own]) =>
            own === 17
              ? { ...part, kind, bufferBeforeMinutes: own, bufferAfterMinutes: 3 }
              : { ...part, kind },
          ),
        { maxLength: 5 },
      ),
      reservations: fc.array(
        fc
          .tuple(stretch, fc.constantFrom('self' as const, 'other' as const), moment(-48, 72))
          .map(([part, owner, releaseAt]) => ({ ...part, owner, releaseAt: new Date(releaseAt) })),
        { maxLength: 3 },
      ),
    }),
  })
})

describe('for any host, any day and any viewer', () => {
  it('offers exactly the starts the oracle finds', () => {
    fc.assert(
      fc.property(situation, ({ rules, query }) => {
        expect(freeStarts(rules, query).map((start) => start.toISOString())).toEqual(slowStarts(rules, query))
      }),
      { numRuns: 150 },
    )
  })

  it('an offered start is free when it is booked, and a start off every grid is not', () => {
    fc.assert(
      fc.property(situation, ({ rules, query }) => {
        // A step of whole hours on an island that moves its clocks by half an hour is the one exception.
        fc.pre(rules.timeZone !== 'Australia/Lord_Howe')
        for (const start of freeStarts(rules, query).slice(0, 20)) {
          expect(isFree(rules, query, start)).toBe(true)
          expect(isFree(rules, query, new Date(start.getTime() + 1))).toBe(false)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('there is a reason against a start exactly where it is not free', () => {
    const offset = fc.integer({ min: -2 * 288, max: 4 * 288 }).map((fives) => fives * 5 * minute)
    fc.assert(
      fc.property(
        situation,
        fc.array(offset, { minLength: 20, maxLength: 20 }),
        ({ rules, query }, offsets) => {
          const offered = freeStarts(rules, query).slice(0, 3)
          for (const start of [
            ...offered,
            ...offsets.map((aside) => new Date(query.from.getTime() + aside)),
          ]) {
            expect(whyNotFree(rules, query, start).length === 0).toBe(isFree(rules, query, start))
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})
