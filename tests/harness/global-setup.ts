// One PostgreSQL for a whole run. It starts when the first test file asks for a database, so that tests
// without one wait for nothing; the files' processes ask over a local address that this module hands them.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import type { Cluster } from '../../dev/cluster.ts'
import { startTestCluster } from '../../dev/test-cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    databasesUrl: string
  }
}

const template = 'template_migrated'

type Databases = { cluster: Cluster; admin: pg.Pool }

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let databases: Promise<Databases> | undefined
  let made = 0
  const token = randomBytes(12).toString('hex')

  const act = async (request: IncomingMessage): Promise<string> => {
    if (!request.url?.startsWith(`/${token}`)) throw new Error('unknown address')
    const { cluster, admin } = await (databases ??= openDatabases())
    if (request.method === 'DELETE') {
      await admin.query(
        `drop database if exists ${pg.escapeIdentifier(request.url.split('/').pop()!)} with (force)`,
      )
      return ''
    }
    const name = `test_${++made}`
    const source = request.url.endsWith('/empty') ? 'template0' : template
    await admin.query(`create database ${name} template ${source} strategy file_copy`)
    return cluster.url(name)
  }

  const server = createServer((request, response) => {
    act(request).then(
      (answer) => response.end(answer),
      (error: Error) => response.writeHead(500).end(error.stack),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  project.provide('databasesUrl', `http://127.0.0.1:${(server.address() as AddressInfo).port}/${token}`)

  return async () => {
    server.close()
    server.closeAllConnections()
    if (!databases) return
    const { cluster, admin } = await databases
    await admin.end()
    await cluster.stop()
  }
}

async function openDatabases(): Promise<Databases> {
  const { migrate } = (await import('../../server/db/migrate.ts')) as {
    migrate: (url: string) => Promise<void>
  }
  const cluster = await startTestCluster()
  const admin = new pg.Pool({ connectionString: cluster.url('postgres'), max: 2 })
  // A connection that is still closing when the server goes would end this process.
  admin.on('error', () => undefined)
  await admin.query(`create database ${template}`)
  await migrate(cluster.url(template))
  return { cluster, admin }
}
