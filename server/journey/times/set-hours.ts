// A host of the built-in calendar says when they are free. Existing bookings stay; new ones follow the hours.
import { inTransaction } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { isTimeZone } from '../members/member.ts'
import { checkWeekly } from './check-weekly.ts'
import type { NewHours } from './hours-view.ts'

/** Refuses a Cal.com host with not_allowed, and hours that make no sense with invalid_input and sentences. */
export async function setHours(ctx: Context, hostId: string, hours: NewHours): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const host = await tx
      .selectFrom('hosts')
      .select('calUsername')
      .where('id', '=', hostId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (host.calUsername) {
      throw new Refusal(
        'not_allowed',
        'Your times come from your Cal.com calendar. Please change them there.',
      )
    }
    if (!isTimeZone(hours.timeZone))
      throw new Refusal(
        'invalid_input',
        'That is not a time zone we know. It should look like Australia/Sydney.',
      )
    const problems = checkWeekly({
      timeZone: hours.timeZone,
      weekly: hours.weekly,
      dateOverrides: hours.dateOverrides,
    })
    if (problems.length > 0) throw new Refusal('invalid_input', problems.join(' '))
    const { weekly, dateOverrides, maximumPerDay, ...rest } = hours
    await tx
      .updateTable('hosts')
      .set({
        ...rest,
        ...(maximumPerDay === undefined ? {} : { maximumPerDay }),
        weeklyHours: JSON.stringify(weekly),
        dateOverrides: JSON.stringify(dateOverrides),
        updatedAt: now(),
      })
      .where('id', '=', hostId)
      .execute()
    await announce(tx, { topics: ['host', 'hosts'], hostId })
    await announce(tx, { topics: ['slots'] })
  })
}
