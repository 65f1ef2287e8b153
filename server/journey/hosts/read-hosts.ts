// Operators edit the hosts in Airtable, and they are read here. A host who vanishes there becomes inactive
// and is never deleted.
import { sql } from 'kysely'
import { inTransaction } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { readTable } from '../../integrations/airtable.ts'
import { newId } from '../../lib/ids.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { isTimeZone } from '../members/member.ts'
import { readHost } from './host.ts'

/**
 * Brings our hosts in line with the base. Answers how many were read. Throws ProviderError where Airtable is
 * silent.
 */
export async function readHosts(ctx: Context): Promise<number> {
  const records = await readTable(ctx.airtable, 'Hosts')
  const hosts = records.map((record) => readHost(record, isTimeZone)).filter((host) => host !== undefined)
  const time = now()
  await inTransaction(ctx.db, async (tx) => {
    for (const host of hosts) {
      await tx
        .insertInto('hosts')
        .values({
          id: newId(),
          ...host,
          weeklyHours: JSON.stringify(firstHours),
          createdAt: time,
          updatedAt: time,
        })
        .onConflict((conflict) =>
          conflict.column('airtableRecordId').doUpdateSet({
            ...host,
            // A host of the built-in calendar sets the zone of their hours on the host dashboard.
            timeZone: sql`case when hosts.cal_username is null then hosts.time_zone else excluded.time_zone end`,
            updatedAt: time,
          }),
        )
        .execute()
    }
    const gone = await tx
      .updateTable('hosts')
      .set({ status: 'Inactive', updatedAt: time })
      .where('status', '=', 'Active')
      .$if(hosts.length > 0, (query) =>
        query.where(
          'airtableRecordId',
          'not in',
          hosts.map((host) => host.airtableRecordId),
        ),
      )
      .returning('id')
      .execute()
    if (hosts.length > 0 || gone.length > 0) await announce(tx, { topics: ['hosts'] })
  })
  return hosts.length
}

/** A new host of the built-in calendar begins with these hours and changes them on the host dashboard. */
const firstHours = [{ days: [0, 1, 2, 3, 4, 5, 6], start: '08:00', end: '20:00' }]
