import type { SandboxContext } from '../core/provider.ts'
import { seedHosts } from '../seed/hosts.ts'
import {
  accountNamed,
  keepAccount,
  keepEventType,
  keepSchedule,
  newEventType,
  nextId,
  ownerUsername,
  weekdays,
  type Account,
  type Hours,
} from './account.ts'

/** Creates missing accounts: the key's owner, and each seed host with a schedule and a `10min` event type. */
export function seedAccounts(ctx: SandboxContext) {
  add(
    ctx,
    {
      username: ownerUsername,
      name: 'Presence',
      email: 'hello@presence.example',
      timeZone: 'Australia/Sydney',
    },
    [{ days: weekdays.slice(1, 6), startTime: '09:00', endTime: '17:00' }],
  )
  for (const host of seedHosts) {
    if (host.calUsername === null || accountNamed(ctx, host.calUsername)) continue
    const hours = host.weekly.map(({ days, start, end }) => ({
      days: days.map((day) => weekdays[day] ?? ''),
      startTime: start,
      endTime: end === '24:00' ? '23:59' : end,
    }))
    const account = add(
      ctx,
      {
        username: host.calUsername,
        name: host.fullName,
        email: host.email,
        timeZone: host.timeZone,
        ...(host.hasOwnCalcom ? { isOutside: true } : {}),
      },
      hours,
    )
    if (!account) continue
    keepEventType(
      ctx,
      newEventType(ctx, account.id, {
        title: '10 min session',
        slug: host.calEventSlug,
        lengthInMinutes: 10,
        // Its public page would let anybody book without paying.
        hidden: true,
        minimumBookingNotice: 0,
        locations: [
          { type: 'integration', integration: 'cal-video' },
          { type: 'link', link: ctx.appUrl },
        ],
        ...(host.calQuestion ? { questions: [host.calQuestion] } : {}),
      }),
    )
  }
}

function add(
  ctx: SandboxContext,
  person: Pick<Account, 'username' | 'name' | 'email' | 'timeZone' | 'isOutside'>,
  availability: Hours[],
): Account | undefined {
  if (accountNamed(ctx, person.username)) return undefined
  const id = nextId(ctx, 'account')
  const scheduleId = nextId(ctx, 'schedule')
  keepSchedule(ctx, {
    id: scheduleId,
    ownerId: id,
    name: 'Working hours',
    timeZone: person.timeZone,
    availability,
    overrides: [],
  })
  const account = { ...person, id, defaultScheduleId: scheduleId }
  keepAccount(ctx, account)
  return account
}
