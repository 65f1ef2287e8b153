import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { inTransaction } from '../../server/db/client.ts'
import { recordChanged, type RecordTable } from '../../server/db/record-changes.ts'
import { learnIds } from '../../server/integrations/airtable-ids.ts'
import type { Context } from '../../server/journey/context.ts'
import { writeRecords } from '../../server/journey/records/write-records.ts'
import { NotYet } from '../../server/lib/errors.ts'
import { now, setClockOffset } from '../../server/lib/time.ts'
import { airtableRow } from '../people/evidence.ts'
import { newMember, openVerbs, type Verbs } from '../people/verbs.ts'
import { openRows, type Rows } from './rows.ts'

let verbs: Verbs
let rows: Rows

beforeAll(async () => {
  verbs = await openVerbs()
  rows = await openRows(verbs.presence.databaseUrl)
  await learnIds(verbs.ctx.airtable)
})
afterEach(async () => {
  setClockOffset(0)
  for (const table of ['record_changes', 'quarantine', 'operator_tasks', 'pgboss.job'])
    await sql`delete from ${sql.table(table)}`.execute(verbs.db)
})
afterAll(async () => {
  await rows?.close()
  await verbs?.stop()
})

const changed = (table: RecordTable, ...ids: string[]) =>
  inTransaction(verbs.db, async (tx) => {
    for (const id of ids) await recordChanged(tx, table, id)
  })
const waiting = async () =>
  (await verbs.db.selectFrom('recordChanges').select('presenceId').execute()).map((row) => row.presenceId)
const openTasks = () =>
  verbs.db
    .selectFrom('operatorTasks')
    .select(['memberId', 'sentence'])
    .where('resolvedAt', 'is', null)
    .execute()

async function deleteRow(table: string, rowId: string): Promise<void> {
  const { presence, ctx } = verbs
  const answer = await fetch(
    `${presence.sandboxUrl}/v0/${ctx.airtable.baseId}/${encodeURIComponent(table)}/${rowId}`,
    {
      method: 'DELETE',
      headers: { authorization: `Bearer ${ctx.airtable.accessToken}`, origin: presence.sandboxUrl },
    },
  )
  expect(answer.status).toBe(200)
}

/** A second row with the same Presence ID: Airtable refuses every upsert of it. */
async function doubleRow(presenceId: string): Promise<string> {
  const { presence, ctx } = verbs
  const answer = await fetch(`${presence.sandboxUrl}/v0/${ctx.airtable.baseId}/Members`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ctx.airtable.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ fields: { 'Presence ID': presenceId } }),
  })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { id: string }).id
}

test('one record that Airtable refuses waits alone, makes one task, and is written once it can be', async () => {
  const { ctx, db, presence } = verbs
  const members = await Promise.all(Array.from({ length: 12 }, () => newMember(db)))
  const [refused, ...others] = members.map(({ id }) => id) as [string, ...string[]]
  await changed('Members', refused)
  await writeRecords(ctx)
  const twin = await doubleRow(refused)
  await changed('Members', refused, ...others)
  await writeRecords(ctx)
  expect(await waiting()).toEqual([refused])
  for (const id of others) expect(await airtableRow(presence, 'Members', id)).toBeDefined()
  for (let tries = 1; tries <= 10; tries++) {
    setClockOffset(tries * 61 * 60_000)
    await writeRecords(ctx)
  }
  expect(await openTasks()).toEqual([
    { memberId: refused, sentence: expect.stringContaining(`Presence ID ${refused} in Members`) },
  ])
  await deleteRow('Members', twin)
  setClockOffset(12 * 61 * 60_000)
  await writeRecords(ctx)
  expect(await waiting()).toEqual([])
  expect(await openTasks()).toEqual([])
})

test('a deleted column stops no row, makes one task, and is filled when it is there again', async () => {
  const { ctx, db, presence } = verbs
  const [one, two] = await Promise.all([newMember(db), newMember(db)])
  const columnId = ctx.airtable.memory.ids!['Members']!.fields['Mobile Number']!
  const setRemoved = async (isRemoved: boolean) => {
    const answer = await fetch(`${presence.sandboxUrl}/_sandbox/airtable/fields/${columnId}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ isRemoved }),
    })
    expect(answer.status).toBe(200)
  }
  // The first of the batch is of a member who is gone.
  const gone = '00000000-0000-7000-8000-000000000000'
  await setRemoved(true)
  try {
    await changed('Members', gone, one.id)
    await writeRecords(ctx)
    await changed('Members', two.id)
    await writeRecords(ctx)
  } finally {
    await setRemoved(false)
  }
  expect(await waiting()).toEqual([])
  for (const { id } of [one, two]) {
    const row = await airtableRow(presence, 'Members', id)
    expect(row).toMatchObject({ 'Presence ID': id })
    expect(row).not.toHaveProperty('Mobile Number')
  }
  expect(await openTasks()).toEqual([
    {
      memberId: null,
      sentence: expect.stringContaining('Members in Airtable has no column "Mobile Number"'),
    },
  ])
  setClockOffset(6 * 60_000)
  await writeRecords(ctx)
  for (const { id } of [one, two])
    expect(await airtableRow(presence, 'Members', id)).toHaveProperty('Mobile Number')
  expect(await openTasks()).toEqual([])
})

test('a session whose member was deleted in Airtable is written at once, and linked to the member made anew', async () => {
  const { ctx, db } = verbs
  const memberId = await rows.member()
  const { id: hostId } = await db.selectFrom('hosts').select('id').limit(1).executeTakeFirstOrThrow()
  const bookingIds = [await rows.sold({ memberId, hostId }), await rows.sold({ memberId, hostId })]
  await changed('Members', memberId)
  await writeRecords(ctx)
  const recordId = async () =>
    (
      await db
        .selectFrom('members')
        .select('airtableRecordId')
        .where('id', '=', memberId)
        .executeTakeFirstOrThrow()
    ).airtableRecordId
  const before = await recordId()
  await deleteRow('Members', before!)
  await changed('Presence Operations', ...bookingIds)
  await writeRecords(ctx)
  expect(await airtableRow(verbs.presence, 'Presence Operations', bookingIds[0]!)).toBeDefined()
  await writeRecords(ctx)
  expect(await recordId()).not.toBe(before)
  for (const id of bookingIds)
    expect(await airtableRow(verbs.presence, 'Presence Operations', id)).toMatchObject({
      'Linked Member': [await recordId()],
    })
  expect(await waiting()).toEqual([])
})

type Seen = { atOnce: number; most: number; ids: string[] }

/** Takes every upsert, as a base without limits, and notes how many are under way at one moment. */
async function openBase(seen: Seen, onRequest = () => {}) {
  const idField = verbs.ctx.airtable.memory.ids!['Members']!.fields['Presence ID']!
  const server = createServer((request, response) => {
    seen.most = Math.max(seen.most, ++seen.atOnce)
    onRequest()
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const { records } = JSON.parse(text) as { records: { fields: Record<string, string> }[] }
      seen.ids.push(...records.map(({ fields }) => fields[idField]!))
      seen.atOnce--
      response.setHeader('content-type', 'application/json')
      const made = records.map(({ fields }) => ({ id: `rec${fields[idField]}`, fields }))
      response.end(JSON.stringify({ records: made }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { withPermit: _, ...airtable } = verbs.ctx.airtable
  return {
    ctx: (): Context => ({
      ...verbs.ctx,
      airtable: { ...airtable, apiUrl: `http://127.0.0.1:${port}` },
    }),
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

/** More members than one job writes. */
async function backlog(count: number): Promise<void> {
  await sql`
    with made as (
      insert into members (id, mobile_number, time_zone, created_at, last_active_at)
      select gen_random_uuid(), '+99' || 100000000 + n + (select count(*) from members), 'UTC', ${now()}, ${now()}
      from generate_series(1, ${count}) n returning id)
    insert into record_changes (table_name, presence_id, changed_at) select 'Members', id, ${now()} from made`.execute(
    verbs.db,
  )
}

test('two workers never write at the same time, however long the backlog, and write each record once', async () => {
  const count = 2_500
  await backlog(count)
  const seen: Seen = { atOnce: 0, most: 0, ids: [] }
  const base = await openBase(seen)
  const work = async () => {
    const ctx = base.ctx()
    while ((await waiting()).length > 0)
      await writeRecords(ctx).catch(async (error: unknown) => {
        if (!(error instanceof NotYet)) throw error
        await new Promise((resolve) => setTimeout(resolve, 50))
      })
  }
  await Promise.all([work(), work()])
  await base.close()
  expect(seen.most).toBe(1)
  expect(seen.ids).toHaveLength(count)
  expect(new Set(seen.ids).size).toBe(count)
})

test('a job writes a bounded slice and leaves the rest to the next, and stops when the queue aborts it', async () => {
  await backlog(2_050)
  const stop = new AbortController()
  const seen: Seen = { atOnce: 0, most: 0, ids: [] }
  const base = await openBase(seen, () => seen.ids.length >= 20 && stop.abort())
  await writeRecords(base.ctx(), stop.signal)
  expect(seen.ids).toHaveLength(30)
  const next = () =>
    sql`select 1 from pgboss.job where name = 'write-records' and state = 'created'`.execute(verbs.db)
  expect((await next()).rows).toHaveLength(0)
  await writeRecords(base.ctx())
  expect(seen.ids).toHaveLength(2_030)
  expect((await next()).rows).toHaveLength(1)
  await base.close()
})
