// A circuit breaker for connecting to PostgreSQL. While the database is away each request would try a
// connection of its own, hundreds a second; so after a failure one attempt at a time is made, with a pause
// between two, and everybody else is refused at once with the error of the last.
import pg from 'pg'

const firstPauseMs = 50
const maxPauseMs = 1_000

type Callback = (error: Error | null, client?: pg.Client) => void

/** A class of clients that share one breaker. It opens with a failure and closes with the next success. */
export function breakingClient(clock: () => number = () => performance.now()): typeof pg.Client {
  let failure: Error | undefined
  let failures = 0
  let pausedUntil = 0
  let isTrying = false

  const refusal = (): Error | undefined => {
    if (!failure) return undefined
    if (isTrying || clock() < pausedUntil) return failure
    isTrying = true
    return undefined
  }
  const note = (error: Error | null | undefined) => {
    isTrying = false
    failure = error ?? undefined
    if (!failure) return void (failures = 0)
    const pause = Math.min(maxPauseMs, firstPauseMs * 2 ** Math.min(failures++, 10))
    pausedUntil = clock() + pause / 2 + (Math.random() * pause) / 2
  }

  return class extends pg.Client {
    override connect(): Promise<pg.Client>
    override connect(callback: Callback): void
    override connect(callback?: Callback): Promise<pg.Client> | undefined {
      const refused = refusal()
      if (!callback) {
        if (refused) return Promise.reject(refused)
        return super.connect().then(
          (client) => {
            note(undefined)
            return client
          },
          (error: Error) => {
            note(error)
            throw error
          },
        )
      }
      if (refused) setImmediate(callback, refused)
      else
        super.connect((error: Error | null, client?: pg.Client) => {
          note(error)
          callback(error, client)
        })
      return undefined
    }
  }
}

const awayCodes = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']
/** Shutdown, crash recovery, an ended connection, no free slot, and class 08, connection exceptions. */
const awayStates = /^(57P0[1-5]|53300|08...)$/
const awayWords =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

/** Whether the database could not be reached, or was lost in the middle: another try may succeed. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  if (error instanceof pg.DatabaseError) return awayStates.test(code)
  return awayCodes.includes(code) || awayWords.test(error.message)
}
