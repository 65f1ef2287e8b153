// A number changes when both codes are right. Every other sign-in ends, and the old number is told.
import { sql } from 'kysely'
import { inTransaction, type Tx, violatedConstraint } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { recordSecurity } from '../../db/security-events.ts'
import { updateRecord } from '../../integrations/airtable.ts'
import { ProviderError, Refusal } from '../../lib/errors.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { addHours, addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import type { Who } from '../request.ts'

/** Twilio's codes live ten minutes, and so does a change under way. */
const changeMinutes = 15

export type Codes = { oldCode?: string | undefined; newCode: string }
/** Whether a code sent to this number is right. A right one is used up. */
export type CheckCode = (mobileNumber: string, code: string) => Promise<boolean>

/** Refuses: conflict where nothing is under way; wrong_old_code, wrong_code; number_taken. */
export async function confirmNumberChange(
  ctx: Context,
  who: Who,
  { oldCode, newCode }: Codes,
  isRight: CheckCode,
): Promise<void> {
  const change = await ctx.db
    .selectFrom('numberChanges')
    .selectAll()
    .where('personId', '=', who.personId)
    .where('askedAt', '>', addMinutes(now(), -changeMinutes))
    .executeTakeFirst()
  if (!change)
    throw new Refusal('conflict', 'These codes have run out. Please begin again with the new number.')
  // Each is kept, because a right code is used up: a mistake in the other one asks only for that again.
  const keep = (confirmed: { oldConfirmedAt: Date } | { newConfirmedAt: Date }) =>
    ctx.db
      .updateTable('numberChanges')
      .set(confirmed)
      .where('personId', '=', who.personId)
      .where('newNumber', '=', change.newNumber)
      .execute()
  if (!change.oldConfirmedAt) {
    if (!oldCode || !(await isRight(who.mobileNumber, oldCode))) throw wrong('old')
    await keep({ oldConfirmedAt: now() })
  }
  if (!change.newConfirmedAt) {
    if (!(await isRight(change.newNumber, newCode))) throw wrong('new')
    await keep({ newConfirmedAt: now() })
  }
  await inTransaction(ctx.db, (tx) => refuseIfTaken(tx, who, change.newNumber))
  if (who.host) await writeHostNumber(ctx, who.host.id, change.newNumber)
  await changeNumber(ctx, who, change.newNumber)
  failpoint('after-commit:number')
}

const wrong = (which: 'old' | 'new') =>
  new Refusal(
    which === 'old' ? 'wrong_old_code' : 'wrong_code',
    `The code sent to your ${which} number is wrong or too old. Please check it.`,
  )

async function changeNumber(ctx: Context, who: Who, newNumber: string): Promise<void> {
  try {
    await inTransaction(ctx.db, async (tx) => {
      await refuseIfTaken(tx, who, newNumber)
      const moved = await tx
        .updateTable('people')
        .set({
          mobileNumber: newNumber,
          email: `${newNumber.slice(1)}@people.presence.invalid`,
          updatedAt: now(),
        })
        .where('id', '=', who.personId)
        .where('mobileNumber', '=', who.mobileNumber)
        .executeTakeFirst()
      if (moved.numUpdatedRows === 0n)
        throw new Refusal('conflict', 'Your number has changed in the meantime. Please look again.')
      if (who.member) await changeMember(tx, who.member.id, newNumber)
      if (who.host)
        await tx
          .updateTable('hosts')
          .set({ mobileNumber: newNumber, newNumber: null, newNumberAt: null, updatedAt: now() })
          .where('id', '=', who.host.id)
          .execute()
      await tx.deleteFrom('numberChanges').where('personId', '=', who.personId).execute()
      await tx
        .deleteFrom('signIns')
        .where('personId', '=', who.personId)
        .where('id', '<>', who.signIn.id)
        .execute()
      await enqueue(tx, 'send-message', {
        key: `number:${who.personId}:${now().getTime()}`,
        template: 'Number Changed',
        ...(who.member
          ? { recipient: 'member' as const, memberId: who.member.id }
          : { recipient: 'host' as const, hostId: who.host!.id }),
        mobileNumber: who.mobileNumber,
        usefulUntil: addHours(now(), 48).toISOString(),
      })
      const subject = who.member ? `member ${who.member.id}` : `host ${who.host!.id}`
      await recordSecurity(tx, { kind: 'number_changed', personId: who.personId, subject })
      await announce(tx, {
        topics: ['me'],
        ...(who.member ? { memberId: who.member.id } : { hostId: who.host!.id }),
      })
    })
  } catch (error) {
    const violated = violatedConstraint(error)
    if (violated?.includes('mobile_number') || violated === 'hosts_one_live_per_number') throw taken()
    throw error
  }
}

async function changeMember(tx: Tx, memberId: string, mobileNumber: string): Promise<void> {
  await tx.updateTable('members').set({ mobileNumber }).where('id', '=', memberId).execute()
  await recordChanged(tx, 'Members', memberId)
}

/** A host's number is read from Airtable, so it is changed there first; a crash afterwards is repeated. */
async function writeHostNumber(ctx: Context, hostId: string, mobileNumber: string): Promise<void> {
  const { airtableRecordId } = await ctx.db
    .selectFrom('hosts')
    .select('airtableRecordId')
    .where('id', '=', hostId)
    .executeTakeFirstOrThrow()
  try {
    await updateRecord(ctx.airtable, 'Hosts', airtableRecordId, { 'Mobile Number': mobileNumber })
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    throw new Refusal(
      'codes_unavailable',
      'Your number could not be changed just now. Please press the button again in a moment.',
    )
  }
}

async function refuseIfTaken(tx: Tx, who: Who, newNumber: string): Promise<void> {
  const { rows } = await sql`
    select from people where mobile_number = ${newNumber}
    union all select from members where mobile_number = ${newNumber}
    union all select from hosts
      where (mobile_number = ${newNumber} or new_number = ${newNumber})
        and id is distinct from ${who.host?.id ?? null}`.execute(tx)
  if (rows.length > 0) throw taken()
}

const taken = () =>
  new Refusal('number_taken', 'This number belongs to another account of Presence. Please give another one.')
