import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readHelp } from '../../server/journey/messages/read-help.ts'
import { readTemplates } from '../../server/journey/messages/read-templates.ts'
import { editRow, rowsOf } from '../../world/outside.ts'
import { openVerbs, type Verbs } from '../people/verbs.ts'

let verbs: Verbs
beforeAll(async () => {
  verbs = await openVerbs()
})
afterAll(() => verbs?.stop())

const versions = async () =>
  (await sql`select xmin::text, * from templates order by name`.execute(verbs.db)).rows

test('texts are written only where they differ, and one that is refused keeps its last good version', async () => {
  const { ctx, db, presence } = verbs
  await readTemplates(ctx)
  await readHelp(ctx)
  const before = await versions()
  await readTemplates(ctx)
  expect(await versions()).toEqual(before)
  const [first, second] = (await rowsOf(presence, 'Templates')).map(({ id }) => id) as [string, string]
  await editRow(presence, 'Templates', first, { 'Message Body': 'Broken \u0000' })
  await editRow(presence, 'Templates', second, { 'Message Body': 'A new text' })
  await readTemplates(ctx)
  const bodyOf = async (id: string) =>
    (
      await db
        .selectFrom('templates')
        .select('body')
        .where('airtableRecordId', '=', id)
        .executeTakeFirstOrThrow()
    ).body
  expect(await bodyOf(second)).toBe('A new text')
  expect(await bodyOf(first)).not.toContain('Broken')
  expect(await db.selectFrom('quarantine').select('key').execute()).toEqual([{ key: first }])
  await editRow(presence, 'Templates', first, { 'Message Body': 'Mended' })
  await readTemplates(ctx)
  expect(await bodyOf(first)).toBe('Mended')
  expect(await db.selectFrom('quarantine').select('key').execute()).toEqual([])
})
