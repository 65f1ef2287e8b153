// A member who becomes a host or an operator keeps what they paid for.
import type { Context } from '../context.ts'
import type { Member } from './ensure-member.ts'

/** The member with this number or sign-in who has ever paid; null where there is none. Creates nobody. */
export async function findPaidMember(
  ctx: Context,
  personId: string,
  mobileNumber: string,
): Promise<Member | null> {
  const found = await ctx.db
    .selectFrom('members')
    .select(['id', 'fullName', 'email', 'timeZone', 'lastActiveAt'])
    .where((eb) => eb.or([eb('personId', '=', personId), eb('mobileNumber', '=', mobileNumber)]))
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('purchases')
          .select('purchases.id')
          .whereRef('purchases.memberId', '=', 'members.id')
          .where('paidAt', 'is not', null),
      ),
    )
    .orderBy('createdAt')
    .executeTakeFirst()
  return found ?? null
}
