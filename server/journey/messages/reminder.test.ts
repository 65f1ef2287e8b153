import { describe, expect, test } from 'vitest'
import { planReminder, type Quiet } from './reminder.ts'

const at = (text: string) => new Date(text)
/**
 * Somebody in Perth (eight hours ahead of UTC) who was last here on a Monday at noon, with a pack until
 * Sunday at noon.
 */
const quiet: Quiet = {
  lastActiveAt: at('2027-03-01T04:00:00Z'),
  timeZone: 'Australia/Perth',
  bookedUntil: null,
  unusedUntil: [at('2027-03-08T04:00:00Z')],
  hasNewerUnused: false,
  warningHours: 24,
}
const twoDaysOn = at('2027-03-03T05:00:00Z')

describe('who has paid and been quiet for 48 hours is reminded', () => {
  test('then, and not a moment sooner, however roughly their last visit is known', () => {
    expect(planReminder(quiet, twoDaysOn)).toEqual({ sendUntil: at('2027-03-03T06:00:00Z') })
    expect(planReminder(quiet, at('2027-03-03T04:59:59Z'))).toEqual({ lookAgainAt: twoDaysOn })
    expect(planReminder({ ...quiet, lastActiveAt: at('2027-03-02T04:00:00Z') }, twoDaysOn)).toEqual({
      lookAgainAt: at('2027-03-04T05:00:00Z'),
    })
  })

  test.each([
    ['before nine in the morning', '2027-03-04T00:59:59Z', { lookAgainAt: at('2027-03-04T01:00:00Z') }],
    ['from nine on', '2027-03-04T01:00:00Z', { sendUntil: at('2027-03-04T02:00:00Z') }],
    ['until eight in the evening', '2027-03-04T11:40:00Z', { sendUntil: at('2027-03-04T12:00:00Z') }],
    ['from eight on', '2027-03-04T12:00:00Z', { lookAgainAt: at('2027-03-05T01:00:00Z') }],
  ])('by day on their own clock: %s', (_, now, plan) => expect(planReminder(quiet, at(now))).toEqual(plan))

  test('by day also where the clock is changed that night', () => {
    const berlin = { ...quiet, timeZone: 'Europe/Berlin', unusedUntil: [at('2027-04-20T12:00:00Z')] }
    expect(planReminder(berlin, at('2027-03-27T22:00:00Z'))).toEqual({
      lookAgainAt: at('2027-03-28T07:00:00Z'),
    })
  })

  test('not while a session is ahead, but again 48 hours after it', () => {
    expect(planReminder({ ...quiet, bookedUntil: at('2027-03-04T06:00:00Z') }, twoDaysOn)).toEqual({
      lookAgainAt: at('2027-03-06T06:00:00Z'),
    })
    expect(
      planReminder({ ...quiet, unusedUntil: [], bookedUntil: at('2027-03-04T06:00:00Z') }, twoDaysOn),
    ).toEqual({ lookAgainAt: at('2027-03-06T06:00:00Z') })
  })

  test('not where nothing is left to use', () => {
    expect(planReminder({ ...quiet, unusedUntil: [] }, twoDaysOn)).toBeUndefined()
    expect(planReminder({ ...quiet, unusedUntil: [twoDaysOn] }, twoDaysOn)).toBeUndefined()
  })

  test('not where the warning of the end of validity is sent anyway, be it now or by the time it is day', () => {
    expect(planReminder({ ...quiet, unusedUntil: [at('2027-03-04T05:00:00Z')] }, twoDaysOn)).toBeUndefined()
    const ending = { ...quiet, unusedUntil: [at('2027-04-08T04:00:00Z'), at('2027-03-06T00:30:00Z')] }
    expect(planReminder(ending, at('2027-03-04T15:00:00Z'))).toBeUndefined()
    expect(planReminder(ending, at('2027-03-04T11:00:00Z'))).toEqual({
      sendUntil: at('2027-03-04T12:00:00Z'),
    })
  })

  test('of one purchase at a time, the newest first', () => {
    expect(planReminder({ ...quiet, hasNewerUnused: true }, twoDaysOn)).toEqual({
      lookAgainAt: at('2027-03-05T05:00:00Z'),
    })
  })
})
