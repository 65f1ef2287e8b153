// The composition root: config -> database -> integrations -> http and jobs; nothing else.
import { serve } from '@hono/node-server'
import { ConfigRefused, readConfig } from './config.ts'
import { openDatabase } from './db/client.ts'
import { readClock } from './db/clock.ts'
import { listen } from './db/listen.ts'
import { migrate, SchemaTooNew } from './db/migrate.ts'
import { holdWorkerLock } from './db/worker-lock.ts'
import { openApp } from './http/app.ts'
import { openLiveHub } from './http/live.ts'
import { learnIds } from './integrations/airtable-ids.ts'
import { scheduleAll, reconcileNow } from './jobs/cron.ts'
import { openQueue } from './jobs/queue.ts'
import { recoverOrphans } from './jobs/recover-orphans.ts'
import { startWorking, type Workers } from './jobs/work.ts'
import { setFailpoint } from './lib/failpoint.ts'
import { throttle } from './lib/throttle.ts'
import { type Context, openContext } from './journey/context.ts'
import { readHosts } from './journey/hosts/read-hosts.ts'
import { readHelp } from './journey/messages/read-help.ts'
import { readTemplates } from './journey/messages/read-templates.ts'

// A promise that nobody waits for has failed: what this process does next is not known, so it ends on
// purpose.
process.on('unhandledRejection', (reason) => {
  console.error('A rejection was not handled; this process ends and is started again:', reason)
  process.exit(1)
})

try {
  await start()
} catch (error) {
  console.error(refusalOf(error))
  process.exit(1)
}

async function start(): Promise<void> {
  const config = readConfig(process.env)
  setFailpoint(config.failAt)
  await migrate(config.databaseUrl)
  const db = openDatabase(config.databaseUrl)
  const ctx = openContext(config, db)
  await readClock(db)
  const isWorker = config.role !== 'web'
  const boss = await openQueue(config.databaseUrl, isWorker)
  if (isWorker) await recoverOrphans(db, boss)
  const live = openLiveHub()
  let workers: Workers | undefined
  const wakeWriter = throttle(
    async () => void (isWorker && (await boss.send('write-records', {}).catch(() => undefined))),
    50,
  )
  const listener = await listen(config.databaseUrl, {
    handlers: {
      live: live.publish,
      records: wakeWriter,
      clock: async () => {
        await readClock(db)
        if (isWorker) await reconcileNow(boss)
        workers?.wake()
        live.publishAll()
      },
    },
    onReconnect: async () => {
      await readClock(db)
      live.publishAll()
    },
    ...(isWorker ? { onConnect: holdWorkerLock } : {}),
  })
  if (isWorker) {
    await firstRead(ctx)
    workers = await startWorking(ctx, boss)
    await scheduleAll(boss)
    await reconcileNow(boss)
    await boss.send('register-webhooks', {})
  }
  const server = config.role === 'worker' ? undefined : await serving(ctx, live)
  const port = server?.port ?? 0
  console.log(server ? `Presence listens on port ${port}` : 'Presence works on its jobs')
  process.send?.({ type: 'ready', port })

  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    live.close()
    server?.close()
    await boss.stop({ graceful: true, timeout: 5_000 })
    await listener.close()
    await db.destroy()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop())
  // The parent process is gone: stop, so that the port becomes free.
  process.on('disconnect', () => void stop())
}

/** A new database has no hosts: read them before the first page. The start succeeds without Airtable too. */
async function firstRead(ctx: Context): Promise<void> {
  const known = await ctx.db.selectFrom('hosts').select('id').orderBy('id').limit(1).executeTakeFirst()
  if (known) return
  try {
    await learnIds(ctx.airtable)
    await readHosts(ctx)
    await readTemplates(ctx)
    await readHelp(ctx)
  } catch (error) {
    const reason = error instanceof Error ? error.message : error
    console.warn(`The hosts could not be read from Airtable yet; this is tried again: ${reason}`)
  }
}

function serving(
  ctx: Context,
  live: ReturnType<typeof openLiveHub>,
): Promise<{ port: number; close: () => void }> {
  const app = openApp(ctx, live)
  return new Promise((resolve, reject) => {
    // Longer than a proxy in front keeps its connection, so that it never sends a request into a connection
    // that has just closed.
    const serverOptions = { keepAliveTimeout: 65_000 }
    const server = serve({ fetch: app.fetch, port: ctx.config.port, serverOptions }, (info) =>
      resolve({ port: info.port, close: () => server.close() }),
    )
    server.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${ctx.config.port} is in use. Stop what is using it, or set PORT to another.`)
          : error,
      ),
    )
  })
}

function refusalOf(error: unknown): string {
  if (error instanceof ConfigRefused || error instanceof SchemaTooNew) return error.message
  if (!(error instanceof Error)) return `Presence cannot start: ${String(error)}`
  const isUnreachable =
    'code' in error &&
    ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', '28P01', '3D000'].includes(String(error.code))
  if (isUnreachable)
    return `The database cannot be reached or refuses us (${error.message}). Check DATABASE_URL.`
  return `Presence cannot start: ${error.message}`
}
