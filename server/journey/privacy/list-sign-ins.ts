// Where somebody is signed in, the newest first.
import type { Db } from '../../db/client.ts'
import { now, toRealTime } from '../../lib/time.ts'
import type { Who } from '../request.ts'
import { coarseNetwork, deviceOf } from './device.ts'
import type { SignIns } from './sign-in-view.ts'

export async function listSignIns(db: Db, who: Who): Promise<SignIns> {
  const rows = await db
    .selectFrom('signIns')
    .select(['id', 'userAgent', 'ipAddress', 'createdAt'])
    .where('personId', '=', who.personId)
    // The sign-in library counts in real time.
    .where('expiresAt', '>', toRealTime(now()))
    .orderBy('createdAt', 'desc')
    .execute()
  return {
    signIns: rows.map(({ id, userAgent, ipAddress, createdAt }) => ({
      id,
      device: deviceOf(userAgent),
      network: coarseNetwork(ipAddress),
      signedInAt: createdAt.toISOString(),
      isThisOne: id === who.signIn.id,
    })),
  }
}
