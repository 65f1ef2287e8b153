// Checks before anything starts, so that the message names the cause and not its consequences.
import pg from 'pg'
import { probePort } from './ports.ts'

/** Throws, naming the port and the way out, where `port` cannot be listened on. */
export async function refuseTakenPort(name: 'PORT' | 'SANDBOX_PORT', port: number): Promise<void> {
  // The loopback address and all addresses are taken separately.
  for (const host of ['127.0.0.1', '::', '0.0.0.0']) {
    try {
      await probePort(port, host)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') continue
      const what =
        code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used (${String(code ?? error)})`
      const other = name === 'PORT' ? `PORT=${port + 100} npm start` : `SANDBOX_PORT=${port + 100} npm start`
      throw new Error(`Port ${port} (${name}) ${what}. Choose another one: ${other}`, { cause: error })
    }
  }
}

/** Throws where the database at `databaseUrl` does not answer; the message never holds the password. */
export async function refuseUnreachableDatabase(databaseUrl: string): Promise<void> {
  const shown = withoutPassword(databaseUrl)
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ version: number }>(
      "select current_setting('server_version_num')::int / 10000 as version",
    )
    if (rows[0]!.version < 18)
      throw new Error(`it is PostgreSQL ${rows[0]!.version}, and Presence needs 18 or newer`)
  } catch (error) {
    const reason =
      error instanceof AggregateError
        ? error.errors.map(String).join('; ')
        : error instanceof Error
          ? error.message
          : String(error)
    throw new Error(
      `The database at ${shown} cannot be used: ${reason}. ` +
        'Check DATABASE_URL and that the server runs, or leave DATABASE_URL out to use the embedded PostgreSQL.',
      { cause: error },
    )
  } finally {
    await client.end().catch(() => undefined)
  }
}

export async function answers(databaseUrl: string): Promise<boolean> {
  return refuseUnreachableDatabase(databaseUrl).then(
    () => true,
    () => false,
  )
}

function withoutPassword(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return 'DATABASE_URL'
  const url = new URL(databaseUrl)
  return `${url.hostname || 'localhost'}:${url.port || '5432'}${url.pathname}`
}
