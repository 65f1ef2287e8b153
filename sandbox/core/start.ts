// Puts the sandbox together and starts it.
import { createAdaptorServer } from '@hono/node-server'
import type { HttpBindings } from '@hono/node-server'
import { mkdirSync } from 'node:fs'
import { Hono } from 'hono'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { consoleRoutes } from '../console/routes.ts'
import { openApplication } from './application.ts'
import { openClock } from './clock.ts'
import { controlRoutes } from './control.ts'
import { openDeliveries } from './deliveries.ts'
import { openEvents } from './events.ts'
import { openFaults } from './faults.ts'
import { openJournal } from './journal.ts'
import { openKeys } from './keys.ts'
import type { Provider, SandboxContext } from './provider.ts'
import type { Pages } from './providers.ts'
import { openSchedule } from './schedule.ts'
import { addProviders } from './server.ts'
import { openStore } from './store.ts'
import { openTimeTravel } from './time-travel.ts'

export type SandboxOptions = {
  /** 0 takes any free port. */
  port: number
  /** Folder of sandbox.sqlite, or ':memory:'. */
  dataDir: string
  appUrl: string
  /** Shared with the application to move its clock; without it the clock is not pushed. */
  clockKey?: string
  /** Only these stand-ins, for tests; all of them otherwise. */
  providers?: Provider[]
  pages?: Pages[]
  log?: (line: string) => void
  /** Characters of a body that the journal keeps, where the default is too few. */
  journalTextLimit?: number
}

export type Sandbox = {
  port: number
  baseUrl: string
  ctx: SandboxContext
  /** Resolves when no webhook is waiting or under way. */
  settled: () => Promise<void>
  close: () => Promise<void>
}

const tickMs = 200

/** Starts the sandbox on 127.0.0.1; it answers when its stand-ins are ready. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  // Imported only when needed, so that a test of one stand-in does not load the others.
  const { providers, pages } = options.providers
    ? { providers: options.providers, pages: options.pages ?? [] }
    : await import('./providers.ts')
  const log = options.log ?? ((line) => console.error(`sandbox: ${line}`))
  if (options.dataDir !== ':memory:') mkdirSync(options.dataDir, { recursive: true })
  const store = openStore(
    options.dataDir === ':memory:' ? ':memory:' : join(options.dataDir, 'sandbox.sqlite'),
  )

  const app = new Hono<{ Bindings: HttpBindings }>()
  let isReady = false
  const server = createAdaptorServer({
    fetch: (request, env) =>
      isReady ? app.fetch(request, env as HttpBindings) : new Response('starting', { status: 503 }),
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo

  const events = openEvents()
  const schedule = openSchedule(store, providers)
  const faults = openFaults(store)
  const journal = openJournal(store, () => events.changed('journal'), options.journalTextLimit)
  const ctx: SandboxContext = {
    store,
    clock: openClock(store),
    baseUrl: `http://localhost:${port}`,
    appUrl: options.appUrl.replace(/\/$/, ''),
    keys: openKeys(store),
    limitsOn: () => store.get<{ on: boolean }>('core.limits', 'limits')?.on ?? true,
    deliver: (delivery) => deliveries.add(delivery),
    schedule: schedule.add,
    changed: events.changed,
    log,
  }
  const deliveries = openDeliveries(() => ctx, providers, faults, journal)
  const application = openApplication(ctx, options.clockKey)
  const travel = openTimeTravel(ctx, schedule, application)

  app.onError((error, c) => {
    log(`${c.req.method} ${c.req.path} failed: ${error.stack ?? error.message}`)
    return c.json({ error: 'The sandbox failed at this.' }, 500)
  })
  app.route('/', controlRoutes({ ctx, journal, faults, travel, events }))
  app.route('/', consoleRoutes({ ctx, journal, faults, travel, providers }))
  for (const page of pages) app.route('/', page(ctx))
  addProviders(app, providers, { ctx, faults, journal })
  for (const provider of providers) await provider.start(ctx)
  isReady = true
  void application.pushClock()
  const ticker = setInterval(() => void schedule.runDue(ctx), tickMs)

  return {
    port,
    baseUrl: ctx.baseUrl,
    ctx,
    settled: async () => {
      while (!deliveries.isIdle()) await sleep(10)
    },
    close: async () => {
      clearInterval(ticker)
      application.close()
      deliveries.close()
      events.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await schedule.close()
      store.close()
    },
  }
}
