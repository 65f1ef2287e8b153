// A reservation at Cal.com needs the number of the host's event type, which is asked once.
import { fetchCalEventType } from '../../integrations/calcom-slots.ts'
import type { Context } from '../context.ts'
import { calAccountOf } from './calendar.ts'
import type { CalHost } from './read-cal-slots.ts'

export async function findEventType(ctx: Context, host: CalHost): Promise<number | undefined> {
  const row = await ctx.db
    .selectFrom('calendarSlots')
    .select('eventTypeId')
    .where('hostId', '=', host.id)
    .executeTakeFirst()
  if (row?.eventTypeId) return row.eventTypeId
  const eventTypeId = await fetchCalEventType(ctx.calcom, calAccountOf(host))
  if (eventTypeId !== undefined) {
    await ctx.db
      .insertInto('calendarSlots')
      .values({ hostId: host.id, eventTypeId })
      .onConflict((conflict) => conflict.column('hostId').doUpdateSet({ eventTypeId }))
      .execute()
  }
  return eventTypeId
}
