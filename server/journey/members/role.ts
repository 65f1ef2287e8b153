// The two people of a session.

export const roles = ['host', 'member'] as const
