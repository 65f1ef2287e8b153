// Confirms one payment inside this process, in a database of its own on the measured server, and records
// every statement. pgbench then runs the same SQL, so that the difference is the cost of the application.
import { documents, requiredDocuments } from '../server/journey/members/consent.ts'
import pg from 'pg'
import { readConfig } from '../server/config.ts'
import { type Db, openDatabase } from '../server/db/client.ts'
import { migrate } from '../server/db/migrate.ts'
import { openApp } from '../server/http/app.ts'
import { openLiveHub } from '../server/http/live.ts'
import { openQueue } from '../server/jobs/queue.ts'
import { tasks } from '../server/jobs/tasks.ts'
import { type Context, openContext } from '../server/journey/context.ts'
import { startCheckout } from '../server/journey/purchases/start-checkout.ts'
import { newId } from '../server/lib/ids.ts'
import { now, setClockOffset } from '../server/lib/time.ts'
import { providerKeys, type ProviderName, sandboxEnvironment } from '../dev/providers.ts'
import { payCheckout, stripeOf } from '../world/outside.ts'
import type { World } from '../world/person.ts'
import { type Ids, pgbenchScript, type Statement } from './pgbench-script.ts'

export type SameSql = { databaseUrl: string; script: string; statements: number; drop: () => Promise<void> }

/** How many payments pgbench may confirm per client. */
const paymentsPerClient = 400

/** `world` must drop Stripe's webhooks while this runs. */
export async function recordConfirmation(
  world: World & { databaseUrl: string },
  clients: number,
): Promise<SameSql> {
  const name = `bench_${process.pid}`
  const databaseUrl = Object.assign(new URL(world.databaseUrl), { pathname: `/${name}` }).href
  const admin = new pg.Client({ connectionString: world.databaseUrl })
  await admin.connect()
  await admin.query(`create database ${name}`)
  const drop = async () => {
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.end()
  }
  try {
    await migrate(databaseUrl)
    const db = openDatabase(databaseUrl)
    const boss = await openQueue(databaseUrl, false)
    try {
      const { statements, ids } = await confirmOne(world, db, databaseUrl, boss)
      const made = pgbenchScript(statements, ids)
      await db.destroy()
      await prepare(databaseUrl, made.copies, clients)
      return { databaseUrl, script: made.script, statements: statements.length, drop }
    } finally {
      await boss.stop({ graceful: false })
    }
  } catch (error) {
    await drop()
    throw error
  }
}

type Queue = Awaited<ReturnType<typeof openQueue>>

async function confirmOne(
  world: World,
  db: Db,
  databaseUrl: string,
  boss: Queue,
): Promise<{ statements: Statement[]; ids: Ids }> {
  const clock = (await (await fetch(`${world.sandboxUrl}/_sandbox/clock`)).json()) as { offsetMs: number }
  setClockOffset(clock.offsetMs)
  const ctx = contextOf(world, db, databaseUrl)
  const [memberId, hostId] = [newId(), newId()]
  const time = now()
  await db
    .insertInto('members')
    .values({
      id: memberId,
      fullName: 'Sam Rivers',
      mobileNumber: '+61491570156',
      timeZone: 'Australia/Sydney',
      createdAt: time,
      lastActiveAt: time,
    })
    .execute()
  await db
    .insertInto('consents')
    .values(
      requiredDocuments.map((document) => ({
        memberId,
        document,
        version: documents[document].version,
        createdAt: time,
      })),
    )
    .execute()
  await db
    .insertInto('hosts')
    .values({
      id: hostId,
      airtableRecordId: 'rec00000000000000',
      fullName: 'Ruby Tamihana',
      timeZone: 'Australia/Sydney',
      verificationStatus: 'Verified',
      status: 'Active',
      createdAt: time,
      updatedAt: time,
    })
    .execute()
  const { purchaseId, clientSecret } = await startCheckout(ctx, { memberId, hostId, plan: 'Adhoc' })
  const checkoutId = clientSecret.split('_secret_')[0]!
  await payCheckout(world, checkoutId)
  const stripe = stripeOf(world)
  const events = await stripe.events.list({ type: 'checkout.session.completed', limit: 10 })
  const event = events.data.find((one) => (one.data.object as { id: string }).id === checkoutId)!
  const body = JSON.stringify(event)
  const signature = stripe.webhooks.generateTestHeaderString({
    payload: body,
    secret: world.keys['STRIPE_WEBHOOK_SECRET']!,
    timestamp: Math.floor(now().getTime() / 1000),
  })
  const app = openApp(ctx, openLiveHub())
  let jobId = ''
  const statements = await recording(async () => {
    const answer = await app.request('/functions/v1/stripe-payment-confirm', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
    })
    if (answer.status !== 200) throw new Error(`the event was answered with ${answer.status}`)
    const [job] = await boss.fetch<{ webhookEventId: string }>('handle-webhook')
    jobId = job!.id
    await tasks['handle-webhook'](ctx, job!.data)
    await boss.complete('handle-webhook', jobId)
  })
  const paid = await db
    .selectFrom('purchases')
    .select(['status', 'chargeId', 'paymentIntentId'])
    .where('id', '=', purchaseId)
    .executeTakeFirstOrThrow()
  if (paid.status !== 'paid') throw new Error('the payment was not confirmed')
  return {
    statements,
    ids: {
      purchaseId,
      memberId,
      jobId,
      texts: [event.id, checkoutId, paid.chargeId!, paid.paymentIntentId!],
    },
  }
}

function contextOf(world: World, db: Db, databaseUrl: string): Context {
  const config = readConfig({
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: 'x'.repeat(32),
    PUBLIC_URL: world.url,
    ...sandboxEnvironment(Object.keys(providerKeys) as ProviderName[], world.sandboxUrl, world.keys),
  })
  return openContext(config, db)
}

/** Every statement that `act` sends to PostgreSQL, in order. */
async function recording(act: () => Promise<void>): Promise<Statement[]> {
  const statements: Statement[] = []
  const send = pg.Client.prototype.query
  const recorder = function (this: pg.Client, ...words: unknown[]) {
    const [first, second] = words
    if (typeof first === 'string')
      statements.push({ text: first, values: Array.isArray(second) ? second : [] })
    return Reflect.apply(send, this, words) as unknown
  }
  pg.Client.prototype.query = recorder as typeof send
  try {
    await act()
  } finally {
    pg.Client.prototype.query = send
  }
  return statements
}

/** Inserts the rows that a confirmation needs: one open purchase per run of pgbench, of eight members. */
async function prepare(
  databaseUrl: string,
  copies: { purchases: string; members: string },
  clients: number,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(copies.members)
    await client.query(copies.purchases, [clients, paymentsPerClient])
    await client.query('analyze')
  } finally {
    await client.end()
  }
}
