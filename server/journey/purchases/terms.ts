// The copy of a plan's terms that a purchase keeps, read back from the database.
import { termsView } from '../plans/plan-view.ts'
import type { Terms } from '../plans/plan.ts'

/** Terms as stored. Throws where they are not what plan.ts once wrote. */
export function readTerms(stored: unknown): Terms {
  return termsView.parse(stored)
}
