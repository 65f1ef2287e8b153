// The sweep of deletions: what a job has to take up again, or for the first time.
import type { Db } from '../../db/client.ts'
import { now } from '../../lib/time.ts'

type Found = { deletionId: string }[]

/** Those with sessions left to end, those that are due, and those whose copies elsewhere are not erased. */
export async function findDeletions(db: Db): Promise<{ obliged: Found; due: Found; copied: Found }> {
  const time = now()
  const open = db
    .selectFrom('deletions')
    .select('deletions.id as deletionId')
    .where('undoneAt', 'is', null)
    .where('carriedOutAt', 'is', null)
  const obliged = await open
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('bookings')
          .select('bookings.id')
          .where((eb) =>
            eb.or([
              eb('bookings.memberId', '=', eb.ref('deletions.memberId')),
              eb('bookings.hostId', '=', eb.ref('deletions.hostId')),
            ]),
          )
          .where((eb) =>
            eb.or([
              eb.and([eb('state', '=', 'created'), eb('startAt', '>', time)]),
              eb.and([
                eb('state', '=', 'pending'),
                eb('validUntil', '>', time),
                eb('bookings.memberId', '=', eb.ref('deletions.memberId')),
              ]),
            ]),
          ),
      ),
    )
    .execute()
  const due = await open.where('dueAt', '<=', time).execute()
  const copied = await db
    .selectFrom('erasures')
    .select('deletionId')
    .distinct()
    .where('status', '=', 'waiting')
    .execute()
  return { obliged, due, copied }
}
