// A reservation at Cal.com needs the number of the host's event type, which is asked once.
import { fetchCalEventTypeFacts } from '../../integrations/calcom-accounts.ts'
import type { Context } from '../context.ts'
import { calAccountOf, isOfTeam } from './calendar.ts'
import { findCalcom } from './find-calcom.ts'
import type { CalHost } from './read-cal-slots.ts'

export async function findEventType(ctx: Context, host: CalHost): Promise<number | undefined> {
  const row = await ctx.db
    .selectFrom('calendarSlots')
    .select('eventTypeId')
    .where('hostId', '=', host.id)
    .executeTakeFirst()
  if (row?.eventTypeId) return row.eventTypeId
  if (isOfTeam(host)) return undefined
  const eventTypeId = (await fetchCalEventTypeFacts(await findCalcom(ctx, host.id), calAccountOf(host)))?.id
  if (eventTypeId !== undefined) {
    await ctx.db
      .insertInto('calendarSlots')
      .values({ hostId: host.id, eventTypeId })
      .onConflict((conflict) => conflict.column('hostId').doUpdateSet({ eventTypeId }))
      .execute()
  }
  return eventTypeId
}
