// An operator stops a member at every door at once, or lets them in again. Hosts are suspended in Airtable.
import { inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { recordSecurity } from '../../db/security-events.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { endOpenCheckouts } from '../purchases/end-older-checkouts.ts'

type Decision = { memberId: string; reason: string; operatorId: string }

/**
 * The database ends the sign-ins and with them the live updates; links, feeds and checkouts refuse from the
 * commit on. Sessions ahead are given back, a session under way ends. Refuses: not_found, not_allowed for an
 * operator, conflict for who is suspended already.
 */
export async function suspendMember(ctx: Context, { memberId, reason, operatorId }: Decision): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const member = await lockMember(tx, memberId)
    if (ctx.config.operatorMobileNumbers.includes(member.mobileNumber ?? ''))
      throw new Refusal(
        'not_allowed',
        'Operators are named in OPERATOR_MOBILE_NUMBERS. Take the number out there.',
      )
    if (member.status === 'Suspended') throw new Refusal('conflict', 'This member is suspended already.')
    await tx
      .updateTable('members')
      .set({ status: 'Suspended', suspendedReason: reason })
      .where('id', '=', memberId)
      .execute()
    const bookings = await tx
      .selectFrom('bookings')
      .select(['id', 'purchaseId', 'state', 'startAt', 'attempt'])
      .where('memberId', '=', memberId)
      .where('state', 'in', ['pending', 'created'])
      .execute()
    for (const { id, state, startAt, attempt } of bookings) {
      if (state !== 'created' || !startAt) continue
      if (now() < startAt) await enqueue(tx, 'give-session-back', { bookingId: id })
      else await enqueue(tx, 'close-room', { bookingId: id, attempt })
    }
    if (bookings.length > 0)
      await addOperatorTask(tx, {
        key: `suspended:${memberId}:${now().getTime()}`,
        kind: 'security',
        sentence: `${member.fullName || 'A member'} was suspended with ${bookings.length === 1 ? 'a paid session that is' : `${bookings.length} paid sessions that are`} not used. Decide what is refunded.`,
        purchaseId: bookings[0]!.purchaseId,
        memberId,
      })
    await recordSecurity(tx, {
      kind: 'rights_changed',
      personId: operatorId,
      subject: `member ${memberId}: Suspended`,
      reason,
    })
    await recordChanged(tx, 'Members', memberId)
    await announce(tx, { topics: ['ops'], forOperators: true })
  })
  await endOpenCheckouts(ctx, memberId)
}

/** The member can sign in again. Refuses: not_found, conflict for who is not suspended. */
export async function reinstateMember(
  ctx: Context,
  { memberId, reason, operatorId }: Decision,
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const member = await lockMember(tx, memberId)
    if (member.status !== 'Suspended') throw new Refusal('conflict', 'This member is not suspended.')
    await tx
      .updateTable('members')
      .set({ status: 'Active', suspendedReason: null })
      .where('id', '=', memberId)
      .execute()
    await recordSecurity(tx, {
      kind: 'rights_changed',
      personId: operatorId,
      subject: `member ${memberId}: Active`,
      reason,
    })
    await recordChanged(tx, 'Members', memberId)
    await announce(tx, { topics: ['ops'], forOperators: true })
  })
}

async function lockMember(tx: Tx, memberId: string) {
  const member = await tx
    .selectFrom('members')
    .select(['fullName', 'mobileNumber', 'status'])
    .where('id', '=', memberId)
    .forUpdate()
    .executeTakeFirst()
  if (!member) throw notFound('member')
  return member
}
