// By what somebody can be recognised in texts: names, numbers, addresses and the ids that services gave.
import type { Tx } from '../../db/client.ts'

export type Traces = {
  personId: string | null
  names: string[]
  /** E.164. */
  numbers: string[]
  emails: string[]
  stripeCustomerId: string | null
  stripeAccountId: string | null
  /** Everything above that stands in the payload of a webhook about them. */
  inPayloads: string[]
}

type Leaving = { personId: string | null; memberId: string | null; hostId: string | null }

export async function findTraces(tx: Tx, { personId, memberId, hostId }: Leaving): Promise<Traces> {
  const person = personId
    ? await tx.selectFrom('people').selectAll().where('id', '=', personId).executeTakeFirst()
    : undefined
  const member = memberId
    ? await tx.selectFrom('members').selectAll().where('id', '=', memberId).executeTakeFirst()
    : undefined
  const host = hostId
    ? await tx.selectFrom('hosts').selectAll().where('id', '=', hostId).executeTakeFirst()
    : undefined
  const all = (...texts: (string | null | undefined)[]) => [
    ...new Set(texts.filter((text): text is string => Boolean(text?.trim()))),
  ]
  const names = all(person?.name, member?.fullName, host?.fullName)
  const numbers = all(person?.mobileNumber, member?.mobileNumber, host?.mobileNumber, host?.newNumber)
  const emails = all(person?.email, member?.email, host?.email)
  return {
    personId,
    names,
    numbers,
    emails,
    stripeCustomerId: member?.stripeCustomerId ?? null,
    stripeAccountId: host?.stripeAccountId ?? null,
    inPayloads: all(
      ...names,
      ...numbers,
      ...emails,
      // The video provider knows people by our ids, and Cal.com by an address made of one.
      memberId,
      hostId,
      member?.stripeCustomerId,
      host?.stripeAccountId,
    ),
  }
}
