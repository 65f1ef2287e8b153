import { expect, test } from 'vitest'
import { planJourneys } from './plan.ts'
import { randomOf } from './random.ts'
import { drawFaults } from './trouble.ts'

test('the same seed gives the same journeys and faults, however many journeys are drawn', () => {
  expect(planJourneys(7, 12)).toEqual(planJourneys(7, 12))
  expect(planJourneys(7, 30).slice(0, 12)).toEqual(planJourneys(7, 12))
  expect(planJourneys(8, 12)).not.toEqual(planJourneys(7, 12))
  expect(drawFaults(randomOf('7:Kim Aastone, 01: signs in'))).toEqual(
    drawFaults(randomOf('7:Kim Aastone, 01: signs in')),
  )
})

test('many journeys cover every payment, change, ending and follow-up, and every kind of fault', () => {
  const plans = planJourneys(1, 600)
  const sessions = plans.flatMap((plan) => plan.sessions)
  const kinds = (all: string[]) => [...new Set(all)].sort()
  expect(kinds(plans.map((plan) => plan.payment))).toHaveLength(10)
  expect(kinds(sessions.flatMap((one) => one.changes))).toHaveLength(7)
  expect(kinds(sessions.map((one) => one.ending))).toHaveLength(10)
  expect(kinds(sessions.map((one) => `${one.followUp} ${one.verdict} ${one.host}`))).toHaveLength(27)
  const faults = Array.from({ length: 3_000 }, (_, turn) => drawFaults(randomOf(`1:${turn}`))).flat()
  expect(kinds(faults.map((fault) => `${fault.provider} ${fault.kind}`))).toHaveLength(5 * 13)
})

test('every plan can be played: unique names without digits, and disputes without changes', () => {
  const plans = planJourneys(3, 200)
  expect(new Set(plans.map((plan) => plan.name)).size).toBe(200)
  for (const { name, plan, payment, sessions, goodwill } of plans) {
    expect(name).toMatch(/^[A-Za-z ]+$/)
    expect(sessions).toHaveLength(plan === 'Weekly' ? 3 : 1)
    if (!payment.startsWith('dispute')) continue
    expect({ plan, goodwill, changes: sessions[0]!.changes }).toEqual({
      plan: 'Adhoc',
      goodwill: 0,
      changes: [],
    })
  }
})
