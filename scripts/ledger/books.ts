// Where the books are: DATABASE_URL with the Stripe keys, or the Presence that runs on DATA_DIR.
import { type Db, openDatabase } from '../../server/db/client.ts'
import { openStripe, type StripeClient } from '../../server/integrations/stripe.ts'
import { runningOn } from '../../dev/data-folder.ts'

export type Books = { db: Db; stripe: StripeClient; close: () => Promise<void> }

export async function findBooks(environment: NodeJS.ProcessEnv): Promise<Books> {
  const dataDir = environment['DATA_DIR'] || './data'
  const running = runningOn(dataDir)
  const databaseUrl = environment['DATABASE_URL'] || running?.databaseUrl
  if (!databaseUrl)
    throw new Error(`No Presence runs on ${dataDir}. Start it with npm start, or set DATABASE_URL.`)
  const given = environment['STRIPE_SECRET_KEY']
  const sandbox = given ? undefined : running?.sandboxUrl
  if (!given && !sandbox) throw new Error('STRIPE_SECRET_KEY is not set, and no sandbox is running.')
  const keys = sandbox
    ? ((await (await fetch(`${sandbox}/_sandbox/keys`)).json()) as Record<string, string>)
    : environment
  const stripe = openStripe({
    apiUrl: sandbox ?? environment['STRIPE_API_URL'] ?? 'https://api.stripe.com',
    jsUrl: '',
    secretKey: keys['STRIPE_SECRET_KEY'] ?? '',
    publishableKey: '',
    webhookSecrets: [],
  })
  const db = openDatabase(databaseUrl, 2)
  return { db, stripe, close: () => db.destroy() }
}
