// Step 1: the hosts that can be booked, searched while the member types, filtered by tags, in pages.
import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { notFound } from '../../lib/errors.ts'
import { containing } from '../../db/containing.ts'
import { isVisibleTo } from '../members/find-blocked.ts'
import { findNextFree } from '../times/find-next-free.ts'
import type { Host, HostPage } from './host-view.ts'

export type HostQuery = {
  q: string
  tags: string[]
  /** The last host of the page before, as answered in `nextCursor`. */
  cursor?: { fullName: string; id: string } | undefined
  limit: number
  /** Put on top of the first page: the host of the last session, for "Rebook". */
  first?: string | undefined
  memberId?: string | undefined
  /** By name, or by who is free next. */
  sort?: 'name' | 'next' | undefined
}

export async function listHosts(db: Db, query: HostQuery): Promise<HostPage> {
  let found = bookableHosts(db, query.memberId)
  for (const word of query.q.split(/\s+/)) found = found.where('hosts.searchText', 'like', containing(word))
  if (query.tags.length > 0) found = found.where(sql<boolean>`hosts.tags @> ${query.tags}::text[]`)
  const { total } = await found
    .clearSelect()
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const first =
    query.first && !query.cursor
      ? await found.where('hosts.id', '=', query.first).executeTakeFirst()
      : undefined
  const others = query.first ? found.where('hosts.id', '!=', query.first) : found
  const { rows, hasMore } = await (query.sort === 'next'
    ? pageByNextFree(db, others, query)
    : pageByName(others, query))
  const last = rows.at(-1)
  return {
    hosts: await withNextFree(db, [...(first ? [first] : []), ...rows]),
    nextCursor: hasMore && last ? writeCursor(last) : null,
    total,
  }
}

type Found = ReturnType<typeof bookableHosts>
type Row = Awaited<ReturnType<Found['executeTakeFirstOrThrow']>>
type Page = { rows: Row[]; hasMore: boolean }

async function pageByName(found: Found, { cursor, limit }: HostQuery): Promise<Page> {
  let page = found
    .orderBy('hosts.fullName')
    .orderBy('hosts.id')
    .limit(limit + 1)
  if (cursor)
    page = page.where(sql<boolean>`(hosts.full_name, hosts.id) > (${cursor.fullName}, ${cursor.id}::uuid)`)
  const rows = await page.execute()
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit }
}

/** Sorts all that match, and reads those of the page. A host who moved up meanwhile is not shown twice. */
async function pageByNextFree(db: Db, found: Found, { cursor, limit }: HostQuery): Promise<Page> {
  const ids = (await found.clearSelect().select('hosts.id').orderBy('hosts.fullName').execute()).map(
    ({ id }) => id,
  )
  const free = await findNextFree(db, ids)
  const at = (id: string) => free.get(id)?.start?.getTime() ?? Infinity
  const ordered = ids.toSorted((a, b) => (at(a) === at(b) ? 0 : at(a) - at(b)))
  const from = cursor ? ordered.indexOf(cursor.id) + 1 : 0
  const shown = ordered.slice(from, from + limit)
  const rows =
    shown.length > 0 ? await found.where(sql<boolean>`hosts.id = any(${shown}::uuid[])`).execute() : []
  return {
    rows: rows.toSorted((a, b) => shown.indexOf(a.id) - shown.indexOf(b.id)),
    hasMore: from + limit < ordered.length,
  }
}

async function withNextFree(db: Db, rows: Row[]): Promise<Host[]> {
  const free = await findNextFree(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => {
    const { availability, start } = free.get(row.id)!
    return { ...row, availability, nextFree: start?.toISOString() ?? null }
  })
}

/** One host that can be booked. Refuses hidden and unknown hosts alike, with not_found. */
export async function readHostView(db: Db, hostId: string, memberId?: string): Promise<Host> {
  const host = await bookableHosts(db, memberId).where('hosts.id', '=', hostId).executeTakeFirst()
  if (!host) throw notFound('host')
  return (await withNextFree(db, [host]))[0]!
}

function bookableHosts(db: Db, memberId: string | undefined) {
  const viewer = memberId ?? null
  return db
    .selectFrom('hosts')
    .select([
      'hosts.id',
      'hosts.fullName',
      'hosts.bio',
      'hosts.photoUrl',
      'hosts.languages',
      'hosts.country',
      'hosts.timeZone',
      'hosts.tags',
      'hosts.category',
      'hosts.ageGroup',
      'hosts.introVideoUrl',
      sql<boolean>`exists (select from likes where host_id = hosts.id and member_id = ${viewer}::uuid and host_liked_at is not null)`.as(
        'likesYou',
      ),
      sql<boolean>`exists (select from likes where host_id = hosts.id and member_id = ${viewer}::uuid and member_liked_at is not null)`.as(
        'youLike',
      ),
      sql<boolean>`exists (select from bookings where host_id = hosts.id and member_id = ${viewer}::uuid and outcome = 'held')`.as(
        'hasMetYou',
      ),
    ])
    .where('hosts.status', '=', 'Active')
    .where('hosts.verificationStatus', '=', 'Verified')
    .where(isVisibleTo(memberId))
}

function writeCursor(host: { fullName: string; id: string }): string {
  return Buffer.from(JSON.stringify([host.fullName, host.id])).toString('base64url')
}

/** Reads a cursor; undefined where it is not one of ours. */
export function readCursor(cursor: string): { fullName: string; id: string } | undefined {
  try {
    const parsed = z
      .tuple([z.string(), z.uuid()])
      .safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return parsed.success ? { fullName: parsed.data[0], id: parsed.data[1] } : undefined
  } catch {
    return undefined
  }
}
