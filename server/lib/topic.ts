// What a live update may be about; the pages ask again for what they show of it.

const topics = ['bookings', 'purchases', 'likes', 'hosts', 'host', 'ops', 'me', 'slots', 'signals'] as const
export type Topic = (typeof topics)[number]
