// What all phases of the walk share: the world, the member and the checklist.
import type { Checklist } from '../checklist.ts'
import { type Person, phoneOf, type Sms, waitFor, type World } from '../person.ts'

/**
 * Providers whose webhooks are lost on this walk, so that polling must find out what they would have said.
 */
export type Silence = { isStripeSilent?: boolean; isDailySilent?: boolean }

export type Walk = { world: World; check: Checklist['check']; member: Person; silence: Silence }

/** Waits for an SMS with all these words on this person's phone, after its first `since` messages. */
export function smsWith(person: Person, what: string, since: number, ...words: string[]): Promise<Sms> {
  return waitFor(what, async () =>
    (await phoneOf(person.world, person.mobileNumber))
      .slice(since)
      .find(({ body }) => words.every((word) => body.includes(word))),
  )
}

/** One second after `moment`, in ISO form. */
export function justAfter(moment: Date): string {
  return new Date(moment.getTime() + 1_000).toISOString()
}
