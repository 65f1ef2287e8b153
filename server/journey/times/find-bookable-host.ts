// The host that somebody wants to book, or the refusal that they cannot be booked.
import type { Selectable } from 'kysely'
import type { Db } from '../../db/client.ts'
import type { Hosts } from '../../db/schema.generated.ts'
import { Refusal } from '../../lib/errors.ts'
import { isBlocked } from '../members/find-blocked.ts'

export type HostRow = Selectable<Hosts>

/** Active and verified: the hosts that members can see and book. */
export function isBookable(host: Pick<HostRow, 'status' | 'verificationStatus'>): boolean {
  return host.status === 'Active' && host.verificationStatus === 'Verified'
}

/** Refuses with host_unavailable, also where this member and the host are kept apart. */
export async function findBookableHost(
  db: Db,
  hostId: string,
  memberId: string | undefined,
): Promise<HostRow> {
  const host = await db.selectFrom('hosts').selectAll().where('id', '=', hostId).executeTakeFirst()
  if (!host || !isBookable(host)) throw hostUnavailable()
  if (memberId !== undefined && (await isBlocked(db, { hostId, memberId }))) throw hostUnavailable()
  return host
}

const hostUnavailable = () =>
  new Refusal('host_unavailable', 'This host is not taking sessions at the moment. Please choose another.')
