// Calendars that made other software fail, each with the right answer and its reason.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { busyTimesIn } from './busy-times.ts'

type Case = { file: string; hostTimeZone: string; from: string; to: string; busy: string[]; why: string }

const folder = join(import.meta.dirname, 'cases')
const cases = ['zones', 'recurrence', 'text'].flatMap(
  (kind) => JSON.parse(readFileSync(join(folder, `expected-${kind}.json`), 'utf8')) as Case[],
)

/** Sorted, with what overlaps or touches as one. */
function merged(spans: [number, number][]): string[] {
  const all: [number, number][] = []
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = all.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else all.push([start, end])
  }
  return all.map((span) => span.map((moment) => new Date(moment).toISOString().slice(0, 16)).join('/'))
}

test('every case is tried', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ics'))
  expect(cases.map(({ file }) => file).sort()).toEqual(files.sort())
})

test.each(cases)('$file: $why', ({ file, hostTimeZone, from, to, busy }) => {
  const read = busyTimesIn(readFileSync(join(folder, file)), {
    from: Date.parse(from),
    to: Date.parse(to),
    timeZone: hostTimeZone,
  })
  const wanted = busy.map((span) => span.split('/').map((moment) => Date.parse(`${moment}Z`)))
  expect(merged(read.busy)).toEqual(merged(wanted as [number, number][]))
})

test.each(readdirSync(join(folder, 'endless')))('%s ends', (file) => {
  const window = {
    from: Date.parse('2027-03-01'),
    to: Date.parse('2028-03-01'),
    timeZone: 'Australia/Sydney',
  }
  const read = busyTimesIn(readFileSync(join(folder, 'endless', file)), window)
  expect(read.busy.length).toBeLessThanOrEqual(1)
})
