// Whoever edits the base does not become a host: another number opens nothing before the old one was told, a day
// has passed and the new one has confirmed it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readTable } from '../../server/integrations/airtable.ts'
import type { HostRow } from '../../server/journey/hosts/host.ts'
import { applyHosts } from '../../server/journey/hosts/read-hosts.ts'
import { confirmHostNumber } from '../../server/journey/privacy/confirm-host-number.ts'
import type { Who } from '../../server/journey/request.ts'
import { newId } from '../../server/lib/ids.ts'
import { addHours, now } from '../../server/lib/time.ts'
import { newMobileNumber } from '../../world/person.ts'
import { openVerbs, type Verbs } from '../people/verbs.ts'

let verbs: Verbs
let base: HostRow[]
let ruby: { id: string; mobileNumber: string; airtableRecordId: string }
const thief = newMobileNumber()

beforeAll(async () => {
  verbs = await openVerbs()
  base = await readTable(verbs.ctx.airtable, 'Hosts')
  const { mobileNumber, ...rest } = await hostNamed('Ruby Tamihana')
  ruby = { ...rest, mobileNumber: mobileNumber! }
  await verbs.db
    .updateTable('hosts')
    .set({ stripeAccountId: 'acct_ruby' })
    .where('id', '=', ruby.id)
    .execute()
})
afterAll(() => verbs?.stop())

const hostNamed = (fullName: string) =>
  verbs.db
    .selectFrom('hosts')
    .select(['id', 'mobileNumber', 'newNumber', 'airtableRecordId'])
    .where('fullName', '=', fullName)
    .executeTakeFirstOrThrow()

const editBase = (numbers: Record<string, string>) =>
  applyHosts(
    verbs.db,
    base.map((row) =>
      numbers[String(row.fields['Full Name'])] === undefined
        ? row
        : { ...row, fields: { ...row.fields, 'Mobile Number': numbers[String(row.fields['Full Name'])] } },
    ),
  )

const signedInWith = (mobileNumber: string): Who => ({
  personId: newId(),
  mobileNumber,
  member: null,
  host: null,
  isOperator: false,
  newHost: null,
  signIn: { id: newId(), expiresAt: addHours(now(), 1) },
})

test('the old number stays the host until the new one is confirmed a day later, and is told', async () => {
  await editBase({ 'Ruby Tamihana': thief })
  expect(await hostNamed('Ruby Tamihana')).toMatchObject({
    mobileNumber: ruby.mobileNumber,
    newNumber: thief,
  })
  await expect(confirmHostNumber(verbs.ctx, signedInWith(thief))).rejects.toMatchObject({ code: 'conflict' })
  const { rows: told } = await verbs.boss
    .getDb()
    .executeSql(
      `select data from pgboss.job where name = 'send-message' and data ->> 'template' = 'Host Number Changed'`,
    )
  expect(told).toMatchObject([{ data: { recipient: 'host', hostId: ruby.id } }])
  const trail = await verbs.db.selectFrom('securityEvents').select(['kind', 'subject', 'reason']).execute()
  expect(trail).toContainEqual({
    kind: 'rights_changed',
    subject: `host ${ruby.id}`,
    reason: 'another mobile number in Airtable, not confirmed yet',
  })
  const tasks = await verbs.db
    .selectFrom('operatorTasks')
    .select('sentence')
    .where('hostId', '=', ruby.id)
    .execute()
  expect(tasks).toMatchObject([{ sentence: expect.stringContaining('put the old number back') }])
})

test('a reading again asks nobody twice, and an operator who puts the old number back ends it', async () => {
  await editBase({ 'Ruby Tamihana': thief })
  expect(
    await verbs.db.selectFrom('operatorTasks').select('id').where('hostId', '=', ruby.id).execute(),
  ).toHaveLength(1)
  await editBase({})
  expect(await hostNamed('Ruby Tamihana')).toMatchObject({ mobileNumber: ruby.mobileNumber, newNumber: null })
})

test('no way around leads through an empty cell or another row with the number', async () => {
  await editBase({ 'Ruby Tamihana': '' })
  expect((await hostNamed('Ruby Tamihana')).mobileNumber).toBe(ruby.mobileNumber)
  await editBase({ 'Ruby Tamihana': thief, 'Kenji Watanabe': ruby.mobileNumber })
  expect((await hostNamed('Ruby Tamihana')).mobileNumber).toBe(ruby.mobileNumber)
  expect((await hostNamed('Kenji Watanabe')).mobileNumber).not.toBe(ruby.mobileNumber)
})

test('after a day the new number confirms it, and the old one is signed out', async () => {
  await verbs.db
    .updateTable('hosts')
    .set({ newNumberAt: addHours(now(), -25) })
    .where('id', '=', ruby.id)
    .execute()
  await expect(confirmHostNumber(verbs.ctx, signedInWith(newMobileNumber()))).rejects.toMatchObject({
    code: 'conflict',
  })
  const personId = newId()
  const time = now()
  await verbs.db
    .insertInto('people')
    .values({
      id: personId,
      name: '',
      email: 'old@people.presence.invalid',
      emailVerified: false,
      mobileNumber: ruby.mobileNumber,
      createdAt: time,
      updatedAt: time,
    })
    .execute()
  await verbs.db
    .insertInto('signIns')
    .values({
      id: newId(),
      personId,
      token: 't',
      expiresAt: addHours(time, 1),
      createdAt: time,
      updatedAt: time,
    })
    .execute()
  await confirmHostNumber(verbs.ctx, signedInWith(thief))
  expect(await hostNamed('Ruby Tamihana')).toMatchObject({ mobileNumber: thief, newNumber: null })
  expect(await verbs.db.selectFrom('signIns').select('id').execute()).toEqual([])
})
