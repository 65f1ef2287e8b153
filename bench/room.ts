// Measures how soon "Join session" appears on an open dashboard when the
// room opens. Time passes in real time.
import pg from 'pg'
import type { Browser } from 'playwright'
import { minuteMs } from '../server/lib/time.ts'
import { book, buy, hostNamed, memberNamed } from '../world/acts.ts'
import { moveClock } from '../world/outside.ts'
import { newMobileNumber, waitFor, type World } from '../world/person.ts'
import { type Line, milliseconds, percentile } from './line.ts'

const rounds = 3
const roomOpensMs = 15 * minuteMs
const leadMs = 4_000

/** A page uses its estimate of the server's clock, so it may be a little early. */
const fromThen = (ms: number) => `${milliseconds(Math.abs(ms))} ${ms < 0 ? 'before' : 'after'}`

type Round = {
  afterOpeningMs: number
  /** Undefined where the room had been made ahead of time. */ afterCommitMs: number | undefined
}

export async function measureRoom(browser: Browser, world: World & { databaseUrl: string }): Promise<Line> {
  const found: Round[] = []
  for (let round = 0; round < rounds; round++) found.push(await openOne(browser, world))
  const opening = found.map(({ afterOpeningMs }) => afterOpeningMs)
  const commits = found.flatMap(({ afterCommitMs }) => afterCommitMs ?? [])
  const [median, worst, afterCommit] = [
    percentile(opening, 0.5),
    Math.max(...opening),
    percentile(commits, 0.5),
  ]
  return {
    name: 'room opened to "Join session" visible',
    measured: `${fromThen(median)} the opening (median of ${rounds}, latest ${fromThen(worst)} it)`,
    values: {
      medianMs: median,
      worstMs: worst,
      ...(commits.length > 0 ? { afterCommitMs: afterCommit } : {}),
    },
    aim: 'under 1 s',
    ratio:
      commits.length === 0
        ? 'the room itself had been made ahead of time'
        : `${fromThen(afterCommit)} the room's own commit: the page goes by the clock or by the live update, whichever comes first`,
  }
}

async function openOne(browser: Browser, world: World & { databaseUrl: string }): Promise<Round> {
  const member = await memberNamed(world, 'Sam Rivers', newMobileNumber())
  const hostId = await hostNamed(member, 'Amelia Hart')
  const { bookingIds } = await buy(member, 'Adhoc', hostId)
  const bookingId = bookingIds[0]!
  const start = await book(member, bookingId, hostId, 40)
  const context = await browser.newContext()
  await context.addCookies([...member.cookies].map(([name, value]) => ({ name, value, url: world.url })))
  const page = await context.newPage()
  await page.goto(world.url)
  await page.getByText('with Amelia Hart').waitFor()
  const commit = await listenForRoom(world.databaseUrl, bookingId)
  try {
    const movedAt = await moveClock(world, {
      to: new Date(start.getTime() - roomOpensMs - leadMs).toISOString(),
    })
    const offsetMs = movedAt.getTime() - Date.now()
    const openingAt = start.getTime() - roomOpensMs - offsetMs
    // Observed in the page itself, by the clock of the same machine.
    const visibleAt = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const look = () => {
            const isThere = [...document.querySelectorAll('a')].some(
              (link) => link.textContent?.includes('Join session') && link.checkVisibility(),
            )
            if (isThere) resolve(Date.now())
            else requestAnimationFrame(look)
          }
          look()
        }),
    )
    const committedAt = await commit.at()
    return {
      afterOpeningMs: visibleAt - openingAt,
      afterCommitMs:
        committedAt === undefined || committedAt < openingAt ? undefined : visibleAt - committedAt,
    }
  } finally {
    await commit.stop()
    await context.close()
  }
}

/**
 * When the transaction that opened the room was committed, as its notification is sent by the
 * commit. Undefined where that was earlier.
 */
async function listenForRoom(
  databaseUrl: string,
  bookingId: string,
): Promise<{ at: () => Promise<number | undefined>; stop: () => Promise<void> }> {
  const client = new pg.Client({ connectionString: databaseUrl })
  const looking = new pg.Pool({ connectionString: databaseUrl, max: 1 })
  await client.connect()
  const isThere = async () =>
    ((await looking.query('select 1 from rooms where booking_id = $1', [bookingId])).rowCount ?? 0) > 0
  let committedAt: number | undefined
  client.on('notification', () => {
    const heardAt = Date.now()
    void isThere().then(
      (is) => void (is && (committedAt ??= heardAt)),
      () => undefined,
    )
  })
  await client.query('listen presence_live')
  const wasThere = await isThere()
  return {
    at: async () => (wasThere ? undefined : waitFor("the room's commit", async () => committedAt, 60)),
    stop: async () => {
      await client.end()
      await looking.end()
    },
  }
}
