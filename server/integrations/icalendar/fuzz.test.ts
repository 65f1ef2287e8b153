// Spoiled calendars: none hangs or ends the reading, and none takes another's busy times along.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CalendarUnreadable } from './address.ts'
import { mutated } from '../testing/calendar-mutations.ts'
import { readCalendarApart } from './read-apart.ts'

const folder = join(import.meta.dirname, 'cases')
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ics') && !name.startsWith('r21'))
  .sort()
  .map((name) => readFileSync(join(folder, name), 'latin1'))

/** An entry of a calendar after the spoiled one, in the same file. */
const witness = { start: Date.parse('2027-03-22T03:00Z'), text: '20270322T030000Z' }
const after = `\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:witness\r\nDTSTART:${witness.text}\r\nDURATION:PT7M\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`
const window = { from: Date.parse('2027-03-01'), to: Date.parse('2027-05-01'), timeZone: 'Australia/Sydney' }

/** FUZZ_SEED and FUZZ_RUNS try others, and more. */
const seed = Number(process.env['FUZZ_SEED'] ?? 14)
const runs = Number(process.env['FUZZ_RUNS'] ?? 500)

function drawsOf(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

test(
  `${runs} spoiled calendars from seed ${seed} are read or refused in words`,
  { timeout: 3_600_000 },
  async () => {
    const draw = drawsOf(seed)
    let refused = 0
    for (let run = 0; run < runs; run++) {
      const text = mutated(sources, draw) + after
      try {
        const { busy } = await readCalendarApart(Buffer.from(text, 'latin1'), window)
        const isThere = busy.some(([start]) => start === witness.start)
        if (!isThere) throw new Error('the entry of the second calendar is lost')
      } catch (error) {
        const sentence = error instanceof Error ? error.message : ''
        if (!(error instanceof CalendarUnreadable) || !/stops in the middle/.test(sentence))
          throw new Error(`run ${run}: ${sentence}\n${text}`, { cause: error })
        refused++
      }
    }
    expect(refused, 'most are read').toBeLessThan(runs / 2)
  },
)
