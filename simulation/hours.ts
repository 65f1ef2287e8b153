// What goes wrong while hours pass and nobody looks: a service that is away all that time, a host who
// leaves and comes back, an account that Stripe stops paying, rows that somebody deletes in the base.
import type { Db } from '../server/db/client.ts'
import { hourMs } from '../server/lib/time.ts'
import { addRow, clockNow, deleteRow, editRow, type Row, rowsOf } from '../world/outside.ts'
import type { World } from '../world/person.ts'
import { count, type History } from './history.ts'
import type { Random } from './random.ts'
import { waitForRest } from './settle.ts'
import { goTo } from './time.ts'

type Hours = { world: World; db: Db; history: History; random: Random }

/** Undoes the mishap at the end of its time. */
type Undo = () => Promise<void>

const mishaps = {
  provider_away: 4,
  host_leaves: 2,
  host_made_anew: 1,
  rows_deleted: 2,
  account_restricted: 2,
}

/** Twilio is away for less than a message stays useful, so that what is owed is still owed. */
const providersAway = { calcom: 3, airtable: 2, daily: 1, stripe: 2 }

/** Before a jump of two hours or more: sometimes a mishap that lasts for most of it. */
export async function passAmongMishaps(hours: Hours, moment: Date): Promise<void> {
  const { world, db, random, history } = hours
  const from = (await clockNow(world)).getTime()
  const gapMs = moment.getTime() - from
  if (gapMs < 2 * hourMs || !random.chance(0.35)) return
  const kind = random.weighted(mishaps)
  const undo = await begin[kind](hours)
  count(history.mishaps, kind)
  await waitForRest(world, db, 2_000)
  await goTo(world, { moment: new Date(from + gapMs * (0.3 + 0.6 * random.next())) })
  await waitForRest(world, db, random.whole(2, 6) * 1_000)
  await undo()
}

const begin: Record<keyof typeof mishaps, (hours: Hours) => Promise<Undo>> = {
  provider_away: async ({ world, random, history }) => {
    const provider = random.weighted(providersAway)
    const { id } = await control<{ id: string }>(world, 'POST', 'faults', { provider, kind: 'outage' })
    count(history.faults, `${provider} outage`)
    return async () => void (await control(world, 'DELETE', `faults/${id}`))
  },
  host_leaves: async (hours) => {
    const row = await hostRow(hours)
    await edit(hours, row, { Status: 'Inactive' })
    return async () => {
      await edit(hours, row, { Status: 'Active' })
      await untilBookable(hours, row)
    }
  },
  host_made_anew: async (hours) => {
    const { world } = hours
    const row = await hostRow(hours)
    await deleteRow(world, 'Hosts', row.id)
    return async () => {
      const { id } = await addRow(world, 'Hosts', row.fields)
      await untilBookable(hours, row, id)
    }
  },
  account_restricted: async ({ world, db, random }) => {
    const hosts = await db
      .selectFrom('hosts')
      .select('stripeAccountId')
      .where('canBePaid', '=', true)
      .execute()
    const id = hosts.length > 0 ? random.pick(hosts).stripeAccountId : null
    if (!id) return async () => undefined
    await control(world, 'POST', `stripe/accounts/${id}/restrict`)
    return async () => void (await control(world, 'POST', `stripe/accounts/${id}/onboard`))
  },
  rows_deleted: async ({ world, random, history }) => {
    for (const table of ['Members', 'Presence Operations', 'Likes'])
      for (const row of await rowsOf(world, table)) {
        if (!random.chance(0.15)) continue
        await deleteRow(world, table, row.id)
        history.deletedRows.add(String(row.fields['Presence ID']))
      }
    return async () => undefined
  },
}

/** One of the hosts that people meet. */
async function hostRow({ world, random }: Hours): Promise<Row> {
  const rows = await rowsOf(world, 'Hosts')
  const names = ['Amelia Hart', 'Kenji Watanabe', 'Ruby Tamihana']
  return random.pick(rows.filter(({ fields }) => names.includes(String(fields['Full Name']))))
}

async function edit({ world }: Hours, row: Row, fields: Record<string, unknown>): Promise<void> {
  await editRow(world, 'Hosts', row.id, fields)
}

/** People meet their host again only when the server has read that the host is back. */
async function untilBookable({ world, db }: Hours, row: Row, rowId = row.id): Promise<void> {
  for (let tries = 0; tries < 12; tries++) {
    await waitForRest(world, db, 5_000)
    const host = await db
      .selectFrom('hosts')
      .select('status')
      .where('fullName', '=', String(row.fields['Full Name']))
      .orderBy('createdAt')
      .executeTakeFirst()
      .catch(() => undefined)
    if (host?.status === 'Active') return
    // The webhook was lost, and the schedule that reads all hosts runs on real time: the operator saves
    // again.
    await editRow(world, 'Hosts', rowId, { Status: 'Inactive' })
    await editRow(world, 'Hosts', rowId, { Status: 'Active' })
  }
  throw new Error(`${String(row.fields['Full Name'])} is back in the base, and the server does not know it`)
}

async function control<Answer>(
  { sandboxUrl }: World,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await fetch(`${sandboxUrl}/_sandbox/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Answer
}
