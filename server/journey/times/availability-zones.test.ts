import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { freeStarts, type CalendarRules, type SlotQuery } from './availability.ts'

const at = (text: string) => new Date(`${text}:00Z`)
const hours = (start: string, end: string, days = [0, 1, 2, 3, 4, 5, 6]) => ({ days, start, end })
const between = (from: string, to: string) => ({ from: at(from), to: at(to) })

const plain: CalendarRules = {
  timeZone: 'UTC',
  weekly: [],
  dateOverrides: [],
  eventMinutes: 30,
  intervalMinutes: null,
  minimumNoticeMinutes: 0,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
}

function found(rules: Partial<CalendarRules>, query: { from: Date; to: Date }): Date[] {
  const asked: SlotQuery = {
    now: new Date(query.from.getTime() - 86_400_000),
    busy: [],
    reservations: [],
    ...query,
  }
  return freeStarts({ ...plain, ...rules }, asked)
}
function starts(rules: Partial<CalendarRules>, query: { from: Date; to: Date }): string {
  return found(rules, query)
    .map((start) => start.toISOString().slice(11, 16))
    .join(' ')
}
function withDates(rules: Partial<CalendarRules>, query: { from: Date; to: Date }): string {
  return found(rules, query)
    .map((start) => start.toISOString().slice(5, 16).replace('T', ' '))
    .join(', ')
}

describe('when the clocks change', () => {
  const newYork = { timeZone: 'America/New_York', eventMinutes: 30 }
  it.each([
    ['hours across the jump keep their wall times', '01:00', '04:00', '06:00 06:30 07:00 07:30'],
    ['hours inside the jump do not exist', '02:00', '03:00', ''],
    ['nor do those that begin and end within it', '02:10', '02:50', ''],
    ['hours that end within it end at it', '01:00', '02:30', '06:00 06:30'],
    ['hours that begin within it begin as much later', '02:30', '04:30', '07:30 08:00'],
    ['hours after it are an hour earlier in UTC', '09:00', '10:00', '13:00 13:30'],
  ])('forward: %s', (_, start, end, expected) => {
    expect(
      starts({ ...newYork, weekly: [hours(start, end)] }, between('2027-03-14T04:00', '2027-03-15T04:00')),
    ).toBe(expected)
  })

  it.each([
    ['hours across the change are an hour longer', '00:30', '02:30', '04:30 05:00 05:30 06:00 06:30 07:00'],
    ['a repeated hour is offered both times', '01:00', '02:00', '05:00 05:30 06:00 06:30'],
    ['hours that end in it end the first time', '00:30', '01:30', '04:30 05:00'],
    ['hours after it are an hour later in UTC', '09:00', '10:00', '14:00 14:30'],
  ])('back: %s', (_, start, end, expected) => {
    expect(
      starts({ ...newYork, weekly: [hours(start, end)] }, between('2027-11-07T04:00', '2027-11-08T04:00')),
    ).toBe(expected)
  })

  it('a whole day has 23 or 25 hours, and 23.5 where the change is half an hour', () => {
    const whole = { ...newYork, eventMinutes: 30, weekly: [hours('00:00', '24:00')] }
    expect(found(whole, between('2027-03-14T05:00', '2027-03-15T04:00'))).toHaveLength(46)
    expect(found(whole, between('2027-11-07T04:00', '2027-11-08T05:00'))).toHaveLength(50)
    const island = { ...whole, timeZone: 'Australia/Lord_Howe', weekly: [hours('00:00', '24:00', [0])] }
    expect(found(island, between('2027-10-02T00:00', '2027-10-04T00:00'))).toHaveLength(47)
  })

  it('the grid goes on by the new clock where the clock changes before the first start', () => {
    // On Lord Howe the clock goes from 02:00 back to 01:30 at 15:00 UTC. The next third of an hour is 01:40.
    const island = {
      ...plain,
      timeZone: 'Australia/Lord_Howe',
      weekly: [hours('01:00', '04:00')],
      eventMinutes: 10,
      intervalMinutes: 40,
    }
    const asked = { busy: [], reservations: [], now: at('2027-04-03T14:41') }
    const [first] = freeStarts(island, { ...asked, ...between('2027-04-03T14:00', '2027-04-03T17:00') })
    expect(first).toEqual(at('2027-04-03T15:10'))
  })
})

describe('the date line', () => {
  it('the Friday that Samoa left out has no hours, and its neighbours keep theirs', () => {
    const samoa = { timeZone: 'Pacific/Apia', eventMinutes: 60 }
    const query = between('2011-12-29T00:00', '2012-01-01T00:00')
    expect(withDates({ ...samoa, weekly: [hours('09:00', '10:00', [5])] }, query)).toBe('')
    expect(withDates({ ...samoa, weekly: [hours('09:00', '10:00')] }, query)).toBe(
      '12-29 19:00, 12-30 19:00, 12-31 19:00',
    )
  })

  it('hosts on either side of it are open on their own Monday', () => {
    const query = between('2027-02-27T00:00', '2027-03-04T00:00')
    const weekly = [hours('09:00', '10:00', [1])]
    expect(withDates({ timeZone: 'Pacific/Kiritimati', eventMinutes: 60, weekly }, query)).toBe('02-28 19:00')
    expect(withDates({ timeZone: 'Pacific/Pago_Pago', eventMinutes: 60, weekly }, query)).toBe('03-01 20:00')
  })
})

it('the result does not depend on the zone of the process', async () => {
  const script = `
    import { freeStarts } from ${JSON.stringify(new URL('./availability.ts', import.meta.url).href)}
    const weekly = [{ days: [0, 6], start: '00:00', end: '24:00' }, { days: [1], start: '22:00', end: '03:00' }]
    const rules = { timeZone: 'Australia/Sydney', weekly, dateOverrides: [{ date: '2027-04-04', windows: [{ start: '01:00', end: '05:00' }] }],
      eventMinutes: 10, intervalMinutes: null, minimumNoticeMinutes: 5, bufferBeforeMinutes: 0, bufferAfterMinutes: 0, horizonDays: 9, maximumPerDay: 4 }
    const query = { from: new Date('2027-04-01T00:00:00Z'), to: new Date('2027-04-12T00:00:00Z'), now: new Date('2027-04-01T10:00:00Z'), busy: [], reservations: [] }
    console.log(JSON.stringify(freeStarts(rules, query)))`
  const run = promisify(execFile)
  const zones = ['UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati']
  const outputs = await Promise.all(
    zones.map((TZ) =>
      run(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, TZ } }),
    ),
  )
  expect(JSON.parse(outputs[0]!.stdout).length).toBeGreaterThan(100)
  expect(new Set(outputs.map(({ stdout }) => stdout)).size).toBe(1)
})
