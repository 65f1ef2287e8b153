// A host gives a connected calendar a name and a colour, to tell several apart.
import { inTransaction } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { notFound } from '../../lib/errors.ts'
import { visibleText } from '../../lib/visible-text.ts'
import type { Context } from '../context.ts'
import type { CalendarColor } from './calendar.ts'

export async function updateCalendar(
  ctx: Context,
  input: {
    hostId: string
    calendarId: string
    name?: string | undefined
    color?: CalendarColor | undefined
  },
): Promise<void> {
  const { hostId, calendarId, name, color } = input
  await inTransaction(ctx.db, async (tx) => {
    const changed = await tx
      .updateTable('importedCalendars')
      .set({
        ...(name === undefined ? {} : { name: visibleText(name) }),
        ...(color === undefined ? {} : { color }),
      })
      .where('id', '=', calendarId)
      .where('hostId', '=', hostId)
      .executeTakeFirst()
    if (changed.numUpdatedRows === 0n) throw notFound('calendar')
    await announce(tx, { topics: ['host'], hostId })
  })
}
