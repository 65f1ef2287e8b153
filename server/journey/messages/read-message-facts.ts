// The facts that messages are composed from, read for many jobs at once.
import type { Selectable } from 'kysely'
import type { Db } from '../../db/client.ts'
import type { MessageJob } from '../../db/jobs.ts'
import type { Bookings, Hosts, Members, Purchases } from '../../db/schema.generated.ts'
import { readConsents } from '../members/read-consents.ts'
import { isMarketing } from './message.ts'
import { findBlocked } from '../members/find-blocked.ts'
import { defaultTemplates, type TemplateName } from './default-templates.ts'

export type MessageFacts = {
  /** The operators' text, or the default. */
  template: { body: string; isForSms: boolean }
  booking: Selectable<Bookings> | undefined
  purchase: Selectable<Purchases> | undefined
  member: Selectable<Members> | undefined
  host: Selectable<Hosts> | undefined
  /** Sessions of the purchase that have no time yet. */
  unusedSessions: number
  /** The two are kept apart, so neither is named to the other. */
  isBlocked: boolean
  /** The recipient has agreed to news and offers. */
  wantsMarketing: boolean
}

/** Facts in the order of the jobs. */
export async function readMessageFacts(db: Db, jobs: MessageJob[]): Promise<MessageFacts[]> {
  const templates = await readUsedTemplates(
    db,
    jobs.map((job) => job.template),
  )
  const bookings = await byId(
    jobs.map((job) => job.bookingId),
    (ids) => db.selectFrom('bookings').selectAll().where('id', 'in', ids).execute(),
  )
  const bookingOf = (job: MessageJob) => bookings.get(job.bookingId ?? '')
  const purchaseIdOf = (job: MessageJob) => job.purchaseId ?? bookingOf(job)?.purchaseId
  const purchases = await byId(jobs.map(purchaseIdOf), (ids) =>
    db.selectFrom('purchases').selectAll().where('id', 'in', ids).execute(),
  )
  const purchaseOf = (job: MessageJob) => purchases.get(purchaseIdOf(job) ?? '')
  const memberIdOf = (job: MessageJob) =>
    job.memberId ?? bookingOf(job)?.memberId ?? purchaseOf(job)?.memberId
  const hostIdOf = (job: MessageJob) => job.hostId ?? bookingOf(job)?.hostId ?? purchaseOf(job)?.hostId
  const members = await byId(jobs.map(memberIdOf), (ids) =>
    db.selectFrom('members').selectAll().where('id', 'in', ids).execute(),
  )
  const hosts = await byId(jobs.map(hostIdOf), (ids) =>
    db.selectFrom('hosts').selectAll().where('id', 'in', ids).execute(),
  )
  const unused = await byId([...purchases.keys()], (ids) =>
    db
      .selectFrom('bookings')
      .select((eb) => ['purchaseId as id', eb.fn.countAll<number>().as('count')])
      .where('purchaseId', 'in', ids)
      .where('state', '=', 'pending')
      .groupBy('purchaseId')
      .execute(),
  )
  const pairOf = (job: MessageJob) => ({ hostId: hostIdOf(job) ?? '', memberId: memberIdOf(job) ?? '' })
  const blocked = await findBlocked(
    db,
    jobs.map(pairOf).filter(({ hostId, memberId }) => hostId !== '' && memberId !== ''),
  )
  const wanting = await findWanting(db, jobs, memberIdOf)
  return jobs.map((job) => ({
    template: templates.get(job.template)!,
    booking: bookingOf(job),
    purchase: purchaseOf(job),
    member: members.get(memberIdOf(job) ?? ''),
    host: hosts.get(hostIdOf(job) ?? ''),
    unusedSessions: unused.get(purchaseOf(job)?.id ?? '')?.count ?? 0,
    wantsMarketing: wanting.has(memberIdOf(job) ?? ''),
    isBlocked: blocked.has(`${pairOf(job).hostId}:${pairOf(job).memberId}`),
  }))
}

/** The members of marketing messages who want them; everybody else is not asked about. */
async function findWanting(
  db: Db,
  jobs: MessageJob[],
  memberIdOf: (job: MessageJob) => string | undefined,
): Promise<Set<string>> {
  const wanting = new Set<string>()
  for (const job of jobs) {
    const memberId = memberIdOf(job)
    if (!isMarketing(job.template) || job.recipient !== 'member' || !memberId) continue
    if ((await readConsents(db, { memberId })).wantsMarketing) wanting.add(memberId)
  }
  return wanting
}

async function byId<Row extends { id: string }>(
  ids: (string | undefined)[],
  read: (ids: string[]) => Promise<Row[]>,
): Promise<Map<string, Row>> {
  const known = [...new Set(ids.filter((id) => id !== undefined))]
  const rows = known.length > 0 ? await read(known) : []
  return new Map(rows.map((row) => [row.id, row]))
}

/** The operators also choose a template's channel in Airtable: In-App ones are not sent by SMS. */
export async function readUsedTemplates(
  db: Db,
  names: string[],
): Promise<Map<string, MessageFacts['template']>> {
  const rows = await db
    .selectFrom('templates')
    .select(['name', 'body', 'channel'])
    .where('name', 'in', [...new Set(names)])
    .where('isActive', '=', true)
    .orderBy('airtableRecordId')
    .execute()
  return new Map(
    names.map((name) => {
      const edited = rows.find((row) => row.name === name)
      const ours = defaultTemplates[name as TemplateName]
      const channel = edited ? edited.channel : ours?.channel
      return [
        name,
        {
          body: edited?.body ?? ours?.body ?? '',
          isForSms: !channel || channel.toUpperCase().includes('SMS'),
        },
      ]
    }),
  )
}
