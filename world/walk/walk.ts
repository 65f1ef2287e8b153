// What every phase of a walk shares: the world, the one member who walks, and the checklist.
import type { Checklist } from '../checklist.ts'
import { type Person, phoneOf, type Sms, waitFor, type World } from '../person.ts'

/** Whose webhooks are lost on this walk: what they would have told is then known later. */
export type Silence = { isStripeSilent?: boolean; isDailySilent?: boolean }

export type Walk = { world: World; check: Checklist['check']; member: Person; silence: Silence }

/** The first SMS after the first `since` on this person's phone that holds all these words. */
export function smsWith(person: Person, what: string, since: number, ...words: string[]): Promise<Sms> {
  return waitFor(what, async () =>
    (await phoneOf(person.world, person.mobileNumber))
      .slice(since)
      .find(({ body }) => words.every((word) => body.includes(word))),
  )
}

/** One second after `moment`, as the clock is moved there. */
export function justAfter(moment: Date): string {
  return new Date(moment.getTime() + 1_000).toISOString()
}
