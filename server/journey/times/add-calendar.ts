// A host connects a calendar by its address, or removes one. The calendar is read once before it is stored.
import { inTransaction } from '../../db/client.ts'
import { calendarAddress, CalendarUnreadable, type Network } from '../../integrations/icalendar/address.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { calendarColors } from './calendar.ts'
import { announceBusy, pullCalendar, readBusy, storeBusy } from './pull-calendar.ts'

const maxCalendars = 5

/**
 * Refuses with invalid_input and the reason where the calendar cannot be read, and with conflict where it is
 * connected already or there are too many.
 */
export async function addCalendar(
  ctx: Context,
  input: { hostId: string; address: string },
  network?: Network,
): Promise<void> {
  const host = await ctx.db
    .selectFrom('hosts')
    .select(['id', 'timeZone', 'calUsername'])
    .where('id', '=', input.hostId)
    .executeTakeFirstOrThrow()
  if (host.calUsername)
    throw new Refusal(
      'not_allowed',
      'Your times come from your Cal.com calendar. Please connect other calendars there.',
    )
  const { address, read } = await asRefusal(async () => {
    const known = calendarAddress(input.address)
    return { address: known, read: await readBusy(known, host.timeZone, network) }
  })
  const calendarId = newId()
  await inTransaction(ctx.db, async (tx) => {
    await tx.selectFrom('hosts').select('id').where('id', '=', host.id).forUpdate().execute()
    const others = await tx
      .selectFrom('importedCalendars')
      .select(['address', 'color'])
      .where('hostId', '=', host.id)
      .execute()
    if (others.some((other) => other.address === address))
      throw new Refusal('conflict', 'This calendar is connected already.')
    if (others.length >= maxCalendars)
      throw new Refusal('conflict', `At most ${maxCalendars} calendars can be connected. Remove one first.`)
    const color = calendarColors.find((one) => others.every((other) => other.color !== one)) ?? 'blue'
    await tx
      .insertInto('importedCalendars')
      .values({ id: calendarId, hostId: host.id, address, color, createdAt: now(), dueAt: now() })
      .execute()
    await storeBusy(tx, { id: calendarId, hostId: host.id }, read)
  })
}

/** Reads it at once. What is wrong with it stands in the list afterwards. */
export async function readCalendarNow(
  ctx: Context,
  input: { hostId: string; calendarId: string },
  network?: Network,
): Promise<void> {
  const own = await ctx.db
    .selectFrom('importedCalendars')
    .select('id')
    .where('id', '=', input.calendarId)
    .where('hostId', '=', input.hostId)
    .executeTakeFirst()
  if (!own) throw notFound('calendar')
  await pullCalendar(ctx, own.id, network)
}

export async function removeCalendar(
  ctx: Context,
  input: { hostId: string; calendarId: string },
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const removed = await tx
      .deleteFrom('importedCalendars')
      .where('id', '=', input.calendarId)
      .where('hostId', '=', input.hostId)
      .executeTakeFirst()
    if (removed.numDeletedRows === 0n) throw notFound('calendar')
    await announceBusy(tx, input.hostId)
  })
}

async function asRefusal<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof CalendarUnreadable) throw new Refusal('invalid_input', error.message)
    throw error
  }
}
