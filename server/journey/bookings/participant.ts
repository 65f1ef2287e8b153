// The two people of a booking.

export const roles = ['member', 'host'] as const
export type Role = (typeof roles)[number]

/** The ids under which somebody may take part in a booking. */
export type Participant = { memberId?: string | undefined; hostId?: string | undefined }

/** Which of a booking's two people this is; undefined for anybody else. */
export function roleOf(booking: { memberId: string; hostId: string }, who: Participant): Role | undefined {
  if (who.memberId === booking.memberId) return 'member'
  return who.hostId === booking.hostId ? 'host' : undefined
}

export function otherOf(role: Role): Role {
  return role === 'host' ? 'member' : 'host'
}
