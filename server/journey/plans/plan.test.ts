import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPlanType, partsOf, plans, type Terms } from './plan.ts'

describe('what is sold', () => {
  it('is the two plans of the price list, and nothing else', () => {
    const rules = {
      currency: 'AUD',
      sessionMinutes: 10,
      freeChangeHours: 12,
      hostFailureExtensionDays: 7,
      expiryWarningHours: 24,
    }
    expect(plans).toEqual({
      Adhoc: {
        plan: 'Adhoc',
        priceCents: 1800,
        sessions: 1,
        validDays: 30,
        hostSharePercent: 67,
        anyHost: false,
        ...rules,
      },
      Weekly: {
        plan: 'Weekly',
        priceCents: 4000,
        sessions: 3,
        validDays: 7,
        hostSharePercent: 75,
        anyHost: true,
        ...rules,
      },
    })
  })

  it.each(['Adhoc', 'Weekly'])('has a plan called %s', (name) => expect(isPlanType(name)).toBe(true))
  it.each(['', 'adhoc', 'Monthly', 'constructor', '__proto__', 'toString'])('has no plan called %j', (name) =>
    expect(isPlanType(name)).toBe(false),
  )
})

describe('partsOf', () => {
  it('gives the host of an Adhoc session 12.06 of 18.00', () => {
    expect(partsOf(plans.Adhoc)).toEqual([{ amountCents: 1800, hostCents: 1206, platformCents: 594 }])
  })

  it('gives the host of each Weekly session 10.00, of 13.34, 13.33 and 13.33', () => {
    expect(partsOf(plans.Weekly)).toEqual([
      { amountCents: 1334, hostCents: 1000, platformCents: 334 },
      { amountCents: 1333, hostCents: 1000, platformCents: 333 },
      { amountCents: 1333, hostCents: 1000, platformCents: 333 },
    ])
  })

  it('sums to the price for any terms, and pays each host the same and at most their share', () => {
    const terms = fc.record({
      priceCents: fc.integer({ min: 0, max: 10_000_000 }),
      sessions: fc.integer({ min: 1, max: 52 }),
      hostSharePercent: fc.integer({ min: 0, max: 100 }),
    })
    fc.assert(
      fc.property(terms, (changed) => {
        const all: Terms = { ...plans.Weekly, ...changed }
        const parts = partsOf(all)
        expect(parts).toHaveLength(all.sessions)
        expect(parts.reduce((sum, part) => sum + part.amountCents, 0)).toBe(all.priceCents)
        expect(new Set(parts.map((part) => part.hostCents)).size).toBe(1)
        for (const part of parts) {
          expect(part.hostCents + part.platformCents).toBe(part.amountCents)
          expect(part.hostCents).toBeGreaterThanOrEqual(0)
          expect(part.platformCents).toBeGreaterThanOrEqual(0)
        }
        const hosts = parts[0]!.hostCents * all.sessions
        expect(hosts).toBeLessThanOrEqual((all.priceCents * all.hostSharePercent) / 100 + 0.5)
        expect(hosts).toBeGreaterThan((all.priceCents * all.hostSharePercent) / 100 - 0.5 - all.sessions)
      }),
    )
  })
})
