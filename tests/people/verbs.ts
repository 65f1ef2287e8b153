// The server's verbs in the test's own process: a fresh database, the sandbox, and no job that runs by
// itself.
import type { PgBoss } from 'pg-boss'
import { readConfig } from '../../server/config.ts'
import { type Db, openDatabase } from '../../server/db/client.ts'
import { type Context, openContext } from '../../server/journey/context.ts'
import { documents, requiredDocuments } from '../../server/journey/members/consent.ts'
import { readHosts } from '../../server/journey/hosts/read-hosts.ts'
import { openQueue } from '../../server/jobs/queue.ts'
import { newId } from '../../server/lib/ids.ts'
import { now } from '../../server/lib/time.ts'
import { newMobileNumber } from '../../world/person.ts'
import { type Presence, startPresence } from '../harness/presence.ts'

export type Verbs = { ctx: Context; db: Db; boss: PgBoss; presence: Presence; stop: () => Promise<void> }

/** Hosts are read; everything else is empty. */
export async function openVerbs(): Promise<Verbs> {
  const presence = await startPresence({ withoutApplication: true })
  const config = readConfig(presence.env)
  const db = openDatabase(config.databaseUrl)
  const ctx = openContext(config, db)
  const boss = await openQueue(config.databaseUrl, false)
  await readHosts(ctx)
  await setHoursOfAll(db)
  return {
    ctx,
    db,
    boss,
    presence,
    stop: async () => {
      await boss.stop({ graceful: false })
      await db.destroy()
      await presence.stop()
    },
  }
}

/** Hosts of the built-in calendar are free at any hour, as nobody signs in to say so. */
async function setHoursOfAll(db: Db): Promise<void> {
  const always = JSON.stringify([{ days: [0, 1, 2, 3, 4, 5, 6], start: '00:00', end: '24:00' }])
  await db
    .updateTable('hosts')
    .set({ weeklyHours: always, bufferAfterMinutes: 0, maximumPerDay: null })
    .where('calUsername', 'is', null)
    .execute()
}

export async function newMember(
  db: Db,
  fullName = 'Sam Rivers',
): Promise<{ id: string; mobileNumber: string }> {
  const member = { id: newId(), mobileNumber: newMobileNumber() }
  const time = now()
  await db
    .insertInto('members')
    .values({ ...member, fullName, timeZone: 'Australia/Melbourne', createdAt: time, lastActiveAt: time })
    .execute()
  await db
    .insertInto('consents')
    .values(
      requiredDocuments.map((document) => ({
        memberId: member.id,
        document,
        version: documents[document].version,
        createdAt: time,
      })),
    )
    .execute()
  return member
}
