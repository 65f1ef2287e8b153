// Who is asking, by the sign-in cookie: a person may be a member, a host or an operator.
import { sql } from 'kysely'
import { addHours, hourMs, minuteMs, now, toRealTime } from '../lib/time.ts'
import type { Context } from '../journey/context.ts'
import { ensureMember } from '../journey/members/ensure-member.ts'
import { findPaidMember } from '../journey/members/find-paid-member.ts'
import { objectionHours } from '../journey/hosts/new-number.ts'
import type { Who } from '../journey/request.ts'
import type { SignIn } from './sign-in.ts'

export async function whoAsks(ctx: Context, signIn: SignIn, headers: Headers): Promise<Who | null> {
  if (!headers.get('cookie') && !headers.get('authorization')) return null
  const found = await sessionOf(ctx, signIn, headers)
  const mobileNumber = found?.user.phoneNumber
  if (!found || !mobileNumber) return null
  const isOperator = ctx.config.operatorMobileNumbers.includes(mobileNumber)
  if (isOperator && !(await isOperatorsAlive(ctx, found.session))) return null
  // A sign-in ends with its person's suspension; this holds for one that is just being made.
  const suspended = await sql<{ is: boolean }>`select is_suspended(${mobileNumber}) as is`.execute(ctx.db)
  if (suspended.rows[0]?.is) return null
  const hosts = await ctx.db
    .selectFrom('hosts')
    .select(['id', 'fullName', 'mobileNumber', 'newNumberAt'])
    .where((eb) => eb.or([eb('mobileNumber', '=', mobileNumber), eb('newNumber', '=', mobileNumber)]))
    // A number may also stand in rows of hosts who are inactive.
    .orderBy(sql`status = 'Inactive'`)
    .orderBy('createdAt')
    .execute()
  const host = hosts.find((one) => one.mobileNumber === mobileNumber)
  const newHost = host ? undefined : hosts[0]
  const member =
    host || newHost || isOperator
      ? await findPaidMember(ctx, found.user.id, mobileNumber)
      : await ensureMember(ctx, { id: found.user.id, mobileNumber })
  if (member && now().getTime() - member.lastActiveAt.getTime() >= touchEveryMs) await touch(ctx, member.id)
  return {
    personId: found.user.id,
    mobileNumber,
    member: member && {
      id: member.id,
      fullName: member.fullName,
      email: member.email,
      timeZone: member.timeZone,
    },
    host: host ? { id: host.id, fullName: host.fullName } : null,
    isOperator,
    newHost: newHost?.newNumberAt
      ? { id: newHost.id, opensAt: addHours(newHost.newNumberAt, objectionHours) }
      : null,
    signIn: { id: found.session.id, expiresAt: found.session.expiresAt },
  }
}

/**
 * better-auth hides why it failed. Where the database is away, asking it says so, and the person is told to
 * try again; where it is back by now, the second try succeeds.
 */
async function sessionOf(ctx: Context, signIn: SignIn, headers: Headers) {
  try {
    return await signIn.api.getSession({ headers })
  } catch {
    await sql`select 1`.execute(ctx.db)
    return signIn.api.getSession({ headers })
  }
}

/** An operator's sign-in ends after an hour without a request, and after twelve in all. */
const operatorIdleMs = hourMs
const operatorMaxMs = 12 * hourMs

/** Ends an operator's sign-in that is over; otherwise keeps when it was used, to the minute. Real time. */
async function isOperatorsAlive(ctx: Context, session: { id: string; createdAt: Date }): Promise<boolean> {
  const time = toRealTime(now())
  const row = await ctx.db
    .selectFrom('signIns')
    .select('usedAt')
    .where('id', '=', session.id)
    .executeTakeFirst()
  if (!row) return false
  const usedAt = row.usedAt ?? session.createdAt
  const since = (moment: Date) => time.getTime() - moment.getTime()
  if (since(usedAt) > operatorIdleMs || since(session.createdAt) > operatorMaxMs) {
    await ctx.db.deleteFrom('signIns').where('id', '=', session.id).execute()
    return false
  }
  if (!row.usedAt || since(usedAt) >= minuteMs)
    await ctx.db.updateTable('signIns').set({ usedAt: time }).where('id', '=', session.id).execute()
  return true
}

/** An active member causes at most one write an hour. */
const touchEveryMs = hourMs

async function touch(ctx: Context, memberId: string): Promise<void> {
  await ctx.db
    .updateTable('members')
    .set({ lastActiveAt: now() })
    .where('id', '=', memberId)
    .where(sql<boolean>`last_active_at < ${new Date(now().getTime() - touchEveryMs)}`)
    .execute()
}
