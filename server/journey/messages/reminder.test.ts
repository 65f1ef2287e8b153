import { describe, expect, test } from 'vitest'
import { planReminder, type Inactivity } from './reminder.ts'

const at = (text: string) => new Date(text)
/**
 * Somebody in Perth (eight hours ahead of UTC) who was last here on a Monday at noon, with a pack until
 * Sunday at noon.
 */
const inactive: Inactivity = {
  lastActiveAt: at('2027-03-01T04:00:00Z'),
  timeZone: 'Australia/Perth',
  bookedUntil: null,
  unusedUntil: [at('2027-03-08T04:00:00Z')],
  hasNewerUnused: false,
  warningHours: 24,
}
const twoDaysOn = at('2027-03-03T05:00:00Z')

describe('a member who has paid and not visited for 48 hours is reminded', () => {
  test('after 48 hours and not earlier, though the last visit is only known to the hour', () => {
    expect(planReminder(inactive, twoDaysOn)).toEqual({ sendUntil: at('2027-03-03T06:00:00Z') })
    expect(planReminder(inactive, at('2027-03-03T04:59:59Z'))).toEqual({ lookAgainAt: twoDaysOn })
    expect(planReminder({ ...inactive, lastActiveAt: at('2027-03-02T04:00:00Z') }, twoDaysOn)).toEqual({
      lookAgainAt: at('2027-03-04T05:00:00Z'),
    })
  })

  test.each([
    ['before nine in the morning', '2027-03-04T00:59:59Z', { lookAgainAt: at('2027-03-04T01:00:00Z') }],
    ['from nine on', '2027-03-04T01:00:00Z', { sendUntil: at('2027-03-04T02:00:00Z') }],
    ['until eight in the evening', '2027-03-04T11:40:00Z', { sendUntil: at('2027-03-04T12:00:00Z') }],
    ['from eight on', '2027-03-04T12:00:00Z', { lookAgainAt: at('2027-03-05T01:00:00Z') }],
  ])("in the daytime of the member's zone: %s", (_, now, plan) =>
    expect(planReminder(inactive, at(now))).toEqual(plan),
  )

  test('in the daytime also when the clocks change that night', () => {
    const berlin = { ...inactive, timeZone: 'Europe/Berlin', unusedUntil: [at('2027-04-20T12:00:00Z')] }
    expect(planReminder(berlin, at('2027-03-27T22:00:00Z'))).toEqual({
      lookAgainAt: at('2027-03-28T07:00:00Z'),
    })
  })

  test('not while a session is ahead, but 48 hours after it', () => {
    expect(planReminder({ ...inactive, bookedUntil: at('2027-03-04T06:00:00Z') }, twoDaysOn)).toEqual({
      lookAgainAt: at('2027-03-06T06:00:00Z'),
    })
    expect(
      planReminder({ ...inactive, unusedUntil: [], bookedUntil: at('2027-03-04T06:00:00Z') }, twoDaysOn),
    ).toEqual({ lookAgainAt: at('2027-03-06T06:00:00Z') })
  })

  test('not when no session is left', () => {
    expect(planReminder({ ...inactive, unusedUntil: [] }, twoDaysOn)).toBeUndefined()
    expect(planReminder({ ...inactive, unusedUntil: [twoDaysOn] }, twoDaysOn)).toBeUndefined()
  })

  test('not when the expiry warning goes out anyway, now or before morning', () => {
    expect(
      planReminder({ ...inactive, unusedUntil: [at('2027-03-04T05:00:00Z')] }, twoDaysOn),
    ).toBeUndefined()
    const ending = { ...inactive, unusedUntil: [at('2027-04-08T04:00:00Z'), at('2027-03-06T00:30:00Z')] }
    expect(planReminder(ending, at('2027-03-04T15:00:00Z'))).toBeUndefined()
    expect(planReminder(ending, at('2027-03-04T11:00:00Z'))).toEqual({
      sendUntil: at('2027-03-04T12:00:00Z'),
    })
  })

  test('for one purchase at a time, the newest first', () => {
    expect(planReminder({ ...inactive, hasNewerUnused: true }, twoDaysOn)).toEqual({
      lookAgainAt: at('2027-03-05T05:00:00Z'),
    })
  })
})
