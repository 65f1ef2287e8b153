// LISTEN on a connection of its own. One loop owns that connection: it connects, waits until the connection
// is lost, backs off and connects again. Nothing else starts a reconnect, so there is never a second loop.
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { channels, type Channels } from './live.ts'

/**
 * Each is called for one notification. A handler that rejects ends the connection, and the loop looks
 * again.
 */
type Handlers = { [Name in keyof Channels]: (message: Channels[Name]) => void | Promise<void> }

export type ListenOptions = {
  handlers: Handlers
  /**
   * Called after every reconnect: notifications of the time between are lost, so everything is looked at
   * again.
   */
  onReconnect: () => void | Promise<void>
  /** Given every connection before it is used. */
  onConnect?: (client: pg.Client) => Promise<void>
  /** How often a connection that says nothing is asked whether it lives. Milliseconds. */
  heartbeatMs?: number
  /** How long it may take to answer. Milliseconds. */
  answerMs?: number
}

export type Listener = { close: () => Promise<void> }

const firstBackoffMs = 250
const maxBackoffMs = 10_000

/**
 * Listens until closed. Rejects where the first connection fails; afterwards it reconnects for as long as
 * it takes. A connection that dies without a word is noticed within `heartbeatMs` + `answerMs` (25 s by
 * default).
 */
export async function listen(databaseUrl: string, options: ListenOptions): Promise<Listener> {
  const { handlers, onReconnect, onConnect, heartbeatMs = 15_000, answerMs = 10_000 } = options
  const closing = new AbortController()
  let session = await open()
  const loop = keepListening()

  /** A connection that listens. `lost` settles once, whatever ends it; the connection is closed by then. */
  async function open(): Promise<{ lost: Promise<void>; end: () => void }> {
    const client = new pg.Client({
      connectionString: databaseUrl,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    })
    const { promise: lost, resolve } = Promise.withResolvers<void>()
    let isListening = false
    const heartbeat = setInterval(() => {
      if (isListening) answersInTime(client, answerMs).then((isAlive) => isAlive || end(), end)
    }, heartbeatMs)
    const end = () => {
      clearInterval(heartbeat)
      resolve()
      // Not waited for: a peer that is gone never confirms the end.
      client.end().catch(() => undefined)
      client.connection.stream.destroy()
    }
    client.on('error', end)
    client.on('end', end)
    client.on('notification', ({ channel, payload }) => {
      deliver(channel, payload ?? '').catch((error: unknown) => {
        console.warn(
          `A notification on ${channel} could not be handled; everything is looked at again:`,
          error,
        )
        end()
      })
    })
    try {
      await client.connect()
      await onConnect?.(client)
      await client.query(
        Object.values(channels)
          .map((channel) => `listen ${channel}`)
          .join('; '),
      )
    } catch (error) {
      end()
      throw error
    }
    isListening = true
    return { lost, end }
  }

  async function deliver(channel: string, payload: string): Promise<void> {
    if (channel === channels.live) await handlers.live(JSON.parse(payload || '{}') as Channels['live'])
    else if (channel === channels.records) await handlers.records(null)
    else await handlers.clock(null)
  }

  async function keepListening(): Promise<void> {
    while (!closing.signal.aborted) {
      await session.lost
      for (let failures = 0; !closing.signal.aborted; failures++) {
        await sleep(backoffMs(failures), undefined, { signal: closing.signal }).catch(() => undefined)
        if (closing.signal.aborted) return
        try {
          session = await open()
          await onReconnect()
          break
        } catch (error) {
          session.end()
          if (failures === 0)
            console.warn(`The database cannot be listened to; trying again: ${reasonOf(error)}`)
        }
      }
    }
  }

  return {
    async close() {
      closing.abort()
      session.end()
      await loop
    },
  }
}

/** Exponential backoff with full jitter, so that many processes do not come back in the same moment. */
function backoffMs(failures: number): number {
  const longest = Math.min(maxBackoffMs, firstBackoffMs * 2 ** Math.min(failures, 10))
  return longest / 2 + Math.random() * (longest / 2)
}

/** Whether the connection answers; one that a firewall forgot never does, and never fails either. */
async function answersInTime(client: pg.Client, answerMs: number): Promise<boolean> {
  const answered = client.query('select 1').then(
    () => true,
    () => false,
  )
  return Promise.race([answered, sleep(answerMs, false, { ref: false })])
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message || error.name : String(error))
