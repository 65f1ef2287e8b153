import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTransaction } from '../../server/db/client.ts'
import { recordChanged } from '../../server/db/record-changes.ts'
import { writeRecords } from '../../server/journey/records/write-records.ts'
import { waitFor } from '../../world/person.ts'
import { airtableRow, query } from '../people/evidence.ts'
import { newMember, openVerbs, type Verbs } from '../people/verbs.ts'

let verbs: Verbs

beforeAll(async () => {
  verbs = await openVerbs()
})

afterAll(() => verbs?.stop())

/** Waits until a connection of the server waits for a lock that another one has. */
const waitsForLock = () =>
  waitFor('somebody who waits', async () => {
    const [row] = await query<{ waiting: number }>(
      verbs.presence.databaseUrl,
      "select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock'",
    )
    return row!.waiting > 0
  })

test('a member who changes while first written to Airtable blocks nobody', async () => {
  const { ctx, db, presence } = verbs
  const member = await newMember(db)
  await inTransaction(db, (tx) => recordChanged(tx, 'Members', member.id))
  let writing: Promise<void> | undefined
  await inTransaction(db, async (tx) => {
    await tx.updateTable('members').set({ fullName: 'Sam Newname' }).where('id', '=', member.id).execute()
    writing = writeRecords(ctx)
    await waitsForLock()
    await recordChanged(tx, 'Members', member.id)
  })
  await writing
  expect(await airtableRow(presence, 'Members', member.id)).toMatchObject({ 'Full Name': 'Sam Newname' })
  expect(await db.selectFrom('recordChanges').selectAll().execute()).toEqual([])
})
