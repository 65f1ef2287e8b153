// Every limit on what people ask for, in one table: far above what a person does, far below what a flood
// needs. docs/security.md shows it; LIMIT_FACTOR multiplies it.

/** Whose requests are counted together. A network is a /24 of IPv4 or a /64 of IPv6. */
export type LimitedBy = 'number' | 'person' | 'address' | 'network' | 'country' | 'everybody'

export type Limit = {
  what:
    | 'codes'
    | 'tries'
    | 'checkouts'
    | 'likes'
    | 'reports'
    | 'searches'
    | 'times'
    | 'calendars'
    | 'links'
    | 'files'
    | 'changes'
  by: LimitedBy
  max: number
  seconds: number
}

const [minute, hour, day] = [60, 3_600, 86_400]

export const limits: Limit[] = [
  // Sign-in codes cost money. The last two count only codes that nobody used: that is what pumping looks
  // like.
  { what: 'codes', by: 'number', max: 5, seconds: 10 * minute },
  { what: 'codes', by: 'number', max: 15, seconds: day },
  { what: 'codes', by: 'address', max: 20, seconds: 10 * minute },
  { what: 'codes', by: 'address', max: 80, seconds: day },
  { what: 'codes', by: 'network', max: 60, seconds: 10 * minute },
  { what: 'codes', by: 'network', max: 300, seconds: day },
  { what: 'codes', by: 'country', max: 100, seconds: hour },
  { what: 'codes', by: 'country', max: 500, seconds: day },
  { what: 'codes', by: 'everybody', max: 300, seconds: hour },
  { what: 'codes', by: 'everybody', max: 1_500, seconds: day },
  { what: 'tries', by: 'address', max: 60, seconds: 10 * minute },
  { what: 'checkouts', by: 'person', max: 15, seconds: 10 * minute },
  { what: 'checkouts', by: 'address', max: 60, seconds: 10 * minute },
  { what: 'likes', by: 'person', max: 60, seconds: minute },
  { what: 'likes', by: 'address', max: 240, seconds: minute },
  { what: 'reports', by: 'person', max: 10, seconds: hour },
  { what: 'reports', by: 'address', max: 30, seconds: hour },
  { what: 'searches', by: 'person', max: 180, seconds: minute },
  { what: 'searches', by: 'address', max: 600, seconds: minute },
  { what: 'times', by: 'person', max: 180, seconds: minute },
  { what: 'times', by: 'address', max: 600, seconds: minute },
  { what: 'calendars', by: 'person', max: 20, seconds: 10 * minute },
  { what: 'calendars', by: 'address', max: 60, seconds: 10 * minute },
  // Everything we hold of somebody, in one answer.
  { what: 'files', by: 'person', max: 20, seconds: hour },
  { what: 'files', by: 'address', max: 60, seconds: hour },
  { what: 'links', by: 'address', max: 120, seconds: minute },
  // Whatever changes something and has no line of its own.
  { what: 'changes', by: 'person', max: 240, seconds: minute },
  { what: 'changes', by: 'address', max: 1_200, seconds: minute },
]

/** The routes of each; `changes` holds for every other request that is not a GET. */
export const limitedRoutes: Partial<Record<Limit['what'], string[]>> = {
  codes: ['POST /api/auth/phone-number/send-otp'],
  tries: [
    'POST /api/auth/phone-number/verify',
    'POST /api/me/deletion',
    'POST /api/me/number/confirm',
    'POST /api/me/host-number',
  ],
  files: ['GET /api/me/data.json', 'GET /api/me/data.html'],
  checkouts: ['POST /api/checkout'],
  likes: [
    'POST /api/hosts/:id/like',
    'DELETE /api/hosts/:id/like',
    'POST /api/host/members/:id/like',
    'DELETE /api/host/members/:id/like',
  ],
  reports: [
    'POST /api/bookings/:id/report',
    'POST /api/manage/:token/report',
    'POST /api/contact',
    'POST /api/bookings/:id/block',
    'POST /api/manage/:token/block',
    'POST /api/hosts/:id/block',
    'POST /api/host/members/:id/block',
  ],
  searches: ['GET /api/hosts', 'GET /api/ops/purchases'],
  times: ['GET /api/hosts/:id/slots', 'POST /api/host/hours/preview'],
  calendars: ['POST /api/host/calendars', 'POST /api/host/calendars/:id/read'],
  links: [
    'GET /api/manage/:token',
    'GET /api/manage/:token/slots',
    'GET /api/manage/:token/calendar.ics',
    'POST /api/manage/:token/reschedule',
    'POST /api/manage/:token/cancel',
    'GET /calendar/:file{.+\\.ics}',
  ],
}

/** How much one person, or one address, may have at the same time. */
export const atOnce = {
  openCheckouts: 10,
  liveUpdatesPerPerson: 12,
  liveUpdatesPerAddress: 200,
  liveUpdatesPerProcess: 5_000,
}

export function maxOf(max: number, factor: number): number {
  return Math.max(1, Math.ceil(max * factor))
}
