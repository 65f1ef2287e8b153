// A host's new number counts from here on: its owner has a code, and the old number had a day to object.
import { sql } from 'kysely'
import { inTransaction, violatedConstraint } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { recordSecurity } from '../../db/security-events.ts'
import { Refusal } from '../../lib/errors.ts'
import { addHours, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { objectionHours } from '../hosts/new-number.ts'
import type { Who } from '../request.ts'

/**
 * The code has been checked. The old number's sign-ins end. Refuses: conflict where there is no such host,
 * or not yet; number_taken.
 */
export async function confirmHostNumber(ctx: Context, who: Who): Promise<void> {
  try {
    await inTransaction(ctx.db, async (tx) => {
      const host = await tx
        .selectFrom('hosts')
        .select(['id', 'mobileNumber'])
        .where('newNumber', '=', who.mobileNumber)
        .where('newNumberAt', '<=', addHours(now(), -objectionHours))
        .where('status', '<>', 'Inactive')
        .forUpdate()
        .executeTakeFirst()
      if (!host)
        throw new Refusal(
          'conflict',
          'This number does not open an account of a host yet. Please look again later.',
        )
      await tx
        .updateTable('hosts')
        .set({ mobileNumber: who.mobileNumber, newNumber: null, newNumberAt: null, updatedAt: now() })
        .where('id', '=', host.id)
        .execute()
      await sql`
        delete from sign_ins using people
        where people.id = person_id and people.mobile_number = ${host.mobileNumber}`.execute(tx)
      await recordSecurity(tx, { kind: 'number_changed', personId: who.personId, subject: `host ${host.id}` })
      await announce(tx, { topics: ['me', 'host'], hostId: host.id })
    })
  } catch (error) {
    if (violatedConstraint(error) === 'hosts_one_live_per_number')
      throw new Refusal('number_taken', 'This number belongs to another host. Please write to us.')
    throw error
  }
}
