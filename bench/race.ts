// A thousand members book the same start at once: over HTTP, and as bare SQL on the same database.
import { Agent, request } from 'node:http'
import pg from 'pg'
import type { Crowd } from '../tests/people/crowd.ts'

/** As many connections as one process of Presence has. */
const connections = 12

export type Race = { ms: number; won: number; lost: number; failed: number }

export async function raceOverHttp(url: string, crowd: Crowd, hostId: string, start: Date): Promise<Race> {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: crowd.length })
  const choose = (who: Crowd[number]) =>
    new Promise<number>((resolve, reject) => {
      const sent = request(
        {
          hostname,
          port,
          agent,
          method: 'POST',
          path: '/functions/v1/calcom-create-booking',
          headers: { 'content-type': 'application/json', cookie: who.cookie },
        },
        (answer) => {
          answer.resume()
          answer.once('end', () => resolve(answer.statusCode ?? 0))
        },
      )
      sent.once('error', reject)
      sent.end(JSON.stringify({ bookingId: who.bookingId, hostId, start }))
    })
  const startedAt = performance.now()
  const answers = await Promise.all(crowd.map(choose))
  const ms = performance.now() - startedAt
  agent.destroy()
  const count = (status: number) => answers.filter((answer) => answer === status).length
  return { ms, won: count(200), lost: count(409), failed: answers.length - count(200) - count(409) }
}

/** One round trip each: lock the host's calendar, check that the time is free, and take it. */
export async function raceInSql(
  databaseUrl: string,
  crowd: Crowd,
  hostId: string,
  start: Date,
): Promise<Race> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections, options: '-c timezone=UTC' })
  const [from, to] = [start, new Date(start.getTime() + 600_000)].map(
    (moment) => `timestamptz '${moment.toISOString()}'`,
  )
  const take = async ({ bookingId }: Crowd[number]): Promise<'won' | 'lost'> => {
    const answer: unknown = await pool.query(`select pg_advisory_xact_lock(hashtextextended('${hostId}', 0));
      update bookings set state = 'created', start_at = ${from}, end_at = ${to}, calendar = 'builtin', calendar_status = 'confirmed', attempt = attempt + 1
        where id = '${bookingId}' and state = 'pending' and not exists
          (select from bookings where host_id = '${hostId}' and state = 'created' and start_at < ${to} and end_at > ${from})`)
    return (answer as pg.QueryResult[])[1]?.rowCount === 1 ? 'won' : 'lost'
  }
  try {
    await Promise.all(Array.from({ length: connections }, () => pool.query('select 1')))
    const startedAt = performance.now()
    const answers = await Promise.all(crowd.map(take))
    const ms = performance.now() - startedAt
    const won = answers.filter((answer) => answer === 'won').length
    return { ms, won, lost: answers.length - won, failed: 0 }
  } finally {
    await pool.end()
  }
}
