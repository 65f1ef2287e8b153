// What a host's card says about their next free start.

/**
 * Why there is a next free start or none. `no_times_yet`: the host has neither hours of their own nor
 * Cal.com. `unknown`: Cal.com has not been read for a while.
 */
export const availabilities = ['free', 'none', 'no_times_yet', 'unknown'] as const
export type NextFree = { availability: (typeof availabilities)[number]; start: Date | null }
