// Whether somebody has agreed to everything in its present version.
import type { Db, Tx } from '../../db/client.ts'
import { Refusal } from '../../lib/errors.ts'
import { type Consenter, readConsents } from './read-consents.ts'

/** Refuses with consent_needed, naming what is missing. */
export async function requireConsents(db: Db | Tx, who: Consenter): Promise<void> {
  const { missing } = await readConsents(db, who)
  if (missing.length === 0) return
  throw new Refusal('consent_needed', 'Please read and agree to our terms and the community pledge first.', {
    missing: missing.map(({ document }) => document),
  })
}
