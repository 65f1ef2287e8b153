// A number changes when both codes are right. Every other sign-in ends, and the old number is told.
import { sql } from 'kysely'
import { inTransaction, type Tx, violatedConstraint } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { recordSecurity } from '../../db/security-events.ts'
import { Refusal } from '../../lib/errors.ts'
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
  if (!change || !who.member)
    throw new Refusal('conflict', 'These codes have run out. Please begin again with the new number.')
  if (!change.oldConfirmedAt) {
    if (!oldCode || !(await isRight(who.mobileNumber, oldCode))) throw wrong('old')
    // Kept, because a right code is used up: a mistake in the other one asks only for that again.
    await ctx.db
      .updateTable('numberChanges')
      .set({ oldConfirmedAt: now() })
      .where('personId', '=', who.personId)
      .where('newNumber', '=', change.newNumber)
      .execute()
  }
  if (!(await isRight(change.newNumber, newCode))) throw wrong('new')
  await changeNumber(ctx, who, change.newNumber)
  failpoint('after-commit:number')
}

const wrong = (which: 'old' | 'new') =>
  new Refusal(
    which === 'old' ? 'wrong_old_code' : 'wrong_code',
    `The code sent to your ${which} number is wrong or too old. Please check it.`,
  )

async function changeNumber(ctx: Context, who: Who, newNumber: string): Promise<void> {
  const memberId = who.member!.id
  try {
    await inTransaction(ctx.db, async (tx) => {
      await refuseIfTaken(tx, newNumber)
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
      await tx.updateTable('members').set({ mobileNumber: newNumber }).where('id', '=', memberId).execute()
      await tx.deleteFrom('numberChanges').where('personId', '=', who.personId).execute()
      await tx
        .deleteFrom('signIns')
        .where('personId', '=', who.personId)
        .where('id', '<>', who.signIn.id)
        .execute()
      await enqueue(tx, 'send-message', {
        key: `number:${who.personId}:${now().getTime()}`,
        template: 'Number Changed',
        recipient: 'member',
        memberId,
        mobileNumber: who.mobileNumber,
        usefulUntil: addHours(now(), 48).toISOString(),
      })
      await recordSecurity(tx, {
        kind: 'number_changed',
        personId: who.personId,
        subject: `member ${memberId}`,
      })
      await recordChanged(tx, 'Members', memberId)
      await announce(tx, { topics: ['me'], memberId })
    })
  } catch (error) {
    if (violatedConstraint(error)?.includes('mobile_number')) throw taken()
    throw error
  }
}

async function refuseIfTaken(tx: Tx, newNumber: string): Promise<void> {
  const { rows } = await sql`
    select from people where mobile_number = ${newNumber}
    union all select from members where mobile_number = ${newNumber}
    union all select from hosts where mobile_number = ${newNumber} or new_number = ${newNumber}`.execute(tx)
  if (rows.length > 0) throw taken()
}

const taken = () =>
  new Refusal('number_taken', 'This number belongs to another account of Presence. Please give another one.')
