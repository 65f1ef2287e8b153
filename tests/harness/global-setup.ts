// What a whole run shares: one PostgreSQL, the built pages, and the ports of its servers. Each is made when
// the first test file asks for it. The processes of the files ask over a local address; see run.ts.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { buildPages } from '../../dev/pages.ts'
import { type Databases, openDatabases, templateName } from './databases.ts'
import { openPorts } from './ports.ts'

declare module 'vitest' {
  interface ProvidedContext {
    runUrl: string
  }
}

const root = join(import.meta.dirname, '..', '..')

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let databases: Promise<Databases> | undefined
  let pages: Promise<unknown> | undefined
  let created = 0
  const nextPort = openPorts()
  const token = randomBytes(12).toString('hex')

  const createDatabase = async (source: string): Promise<string> => {
    const { cluster, admin } = await (databases ??= openDatabases())
    const name = `test_${++created}`
    await admin.query(`create database ${name} template ${source} strategy file_copy`)
    return cluster.url(name)
  }
  const dropDatabase = async (name: string): Promise<string> => {
    const { admin } = await (databases ??= openDatabases())
    await admin.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`)
    return ''
  }
  const answer = async ({ method, url }: IncomingMessage): Promise<string> => {
    const [, given, what = ''] = url?.split('/') ?? []
    if (given !== token) throw new Error('unknown address')
    if (method === 'DELETE') return dropDatabase(what)
    if (what === 'migrated') return createDatabase(templateName)
    if (what === 'empty') return createDatabase('template0')
    if (what === 'port') return String(await nextPort())
    if (what === 'pages') return String(await (pages ??= buildPages(root)))
    throw new Error(`unknown wish ${what}`)
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (text) => response.end(text),
      (error: Error) => response.writeHead(500).end(error.stack),
    )
  })
  // An idle connection is never closed: a question sent in that moment would fail with "other side closed".
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  project.provide('runUrl', `http://127.0.0.1:${(server.address() as AddressInfo).port}/${token}`)

  return async () => {
    server.close()
    server.closeAllConnections()
    if (!databases) return
    const { cluster, admin } = await databases
    await admin.end()
    await cluster.stop()
  }
}
