// How simulated people behave: they retry, they sign in again, and they record
// every answer that nobody should ever see.
import type { Consents } from '../server/journey/members/consents-view.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { clockNow } from '../world/outside.ts'
import { persistently } from '../world/persistently.ts'
import { type Person, Refused, type World } from '../world/person.ts'
import type { History } from './history.ts'
import type { Turns } from './turns.ts'
import type { Booking } from '../server/journey/bookings/booking-view.ts'
import { addMinutes } from '../server/lib/time.ts'

export type SimulatedHost = { person: Person; id: string; fullName: string }

export type Stage = {
  world: World
  history: History
  turns: Turns
  hosts: SimulatedHost[]
  operator: Person
}

const momentMs = 250

/** One request of a person, retried until it succeeds or is refused for good. */
export async function ask<Answer>(
  stage: Stage,
  person: Person,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  return persistently(async () => {
    try {
      return await person.ask<Answer>(method, path, body)
    } catch (error) {
      if (error instanceof Refused) await notice(stage, person, `${method} ${path}`, error)
      throw error
    }
  })
}

/** Records forbidden answers, and turns those that a retry can change into a lost answer. */
async function notice({ history }: Stage, person: Person, what: string, refused: Refused): Promise<void> {
  if (
    !/^[A-Z].*[.!?]$/s.test(refused.sentence) ||
    /\{\{|stripe\.com|twilio|\bat \w+ \(/i.test(refused.sentence)
  )
    history.failures.push(`${what} answered ${refused.message}`)
  if (refused.status === 503) history.setbacks += 1
  if (refused.status >= 500 && refused.status !== 503)
    history.failures.push(`${what} answered ${refused.message}`)
  const isSignedOut = refused.status === 401 && person.mobileNumber !== ''
  if (isSignedOut) await person.signIn()
  if (refused.status === 429) await sleep(1_000)
  if (isSignedOut || refused.status === 429 || refused.status === 500)
    throw new TypeError('another try may help', { cause: refused })
}

/** Signs in, with a new code whenever an answer was lost. */
export async function signIn(stage: Stage, person: Person): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await persistently(() => person.signIn())
    } catch (error) {
      // A lost answer can use up the code or its tries.
      if (tries === 6) throw error
      stage.history.setbacks += 1
      if (error instanceof Refused && error.status === 429)
        await stage.turns.take({
          label: `${person.mobileNumber}: waits to ask for another code, ${tries}`,
          at: addMinutes(await clockNow(stage.world), 11),
        })
      else await sleep(1_000)
    }
  }
}

/** Agrees to everything that is asked; an answer that is lost may come after the consent was kept. */
export async function consent(stage: Stage, person: Person): Promise<void> {
  const { missing } = await ask<Consents>(stage, person, 'GET', '/api/consents')
  const agreed = missing.map(({ document, version }) => ({ document, version }))
  await ask(stage, person, 'POST', '/api/consents', { agreed })
}

export function seeBooking(stage: Stage, person: Person, bookingId: string): Promise<Booking> {
  return ask(stage, person, 'GET', `/api/bookings/${bookingId}`)
}

/** Polls for some seconds, then lets minutes pass, ten times: what was lost is found by reconciliation. */
export async function waitUntil<Answer>(
  stage: Stage,
  label: string,
  look: () => Promise<Answer | undefined | false>,
): Promise<Answer> {
  let last: unknown = 'nothing'
  for (let round = 1; round <= 10; round++) {
    for (const until = Date.now() + (round === 1 ? 4_000 : 2_000); Date.now() < until;) {
      const found = await look().catch((error: unknown) => void (last = error))
      if (found) return found
      await sleep(momentMs)
    }
    await stage.turns.take({
      label: `${label} (waits ${round})`,
      at: addMinutes(await clockNow(stage.world), 2),
    })
  }
  throw new Error(`it did not come: ${label}`, { cause: last })
}

/** Whether the error is a refusal with one of these codes. */
export function isRefusal(error: unknown, ...codes: string[]): boolean {
  return error instanceof Refused && codes.includes(error.code)
}
