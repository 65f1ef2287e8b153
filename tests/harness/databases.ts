// The run's PostgreSQL, and the template from which every test file's database is copied.
import pg from 'pg'
import type { PgBoss } from 'pg-boss'
import type { Cluster } from '../../dev/cluster.ts'
import { startTestCluster } from '../../dev/test-cluster.ts'

export type Databases = { cluster: Cluster; admin: pg.Pool }

export const templateName = 'template_migrated'

/** Starts the server and makes the template: every migration, and the queues of the jobs. */
export async function openDatabases(): Promise<Databases> {
  // Loaded only here: a run without a database needs nothing of the server.
  const { migrate } = (await import('../../server/db/migrate.ts')) as {
    migrate: (url: string) => Promise<void>
  }
  const { openQueue } = (await import('../../server/jobs/queue.ts')) as {
    openQueue: (url: string, isWorker: boolean) => Promise<PgBoss>
  }
  const cluster = await startTestCluster()
  const admin = new pg.Pool({ connectionString: cluster.url('postgres'), max: 2 })
  // A connection that is still closing when the server goes would end this process.
  admin.on('error', () => undefined)
  await admin.query(`create database ${templateName}`)
  await migrate(cluster.url(templateName))
  const queue = await openQueue(cluster.url(templateName), false)
  // Nobody may be connected to a template while it is copied.
  await queue.stop({ graceful: false })
  return { cluster, admin }
}
