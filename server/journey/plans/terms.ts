// The copy of a plan's terms that a purchase keeps, read back from the database.
import { termsView } from './plan-view.ts'
import type { Terms } from './plan.ts'

/** The stored terms. Throws where they do not fit the schema that plans are written with. */
export function readTerms(stored: unknown): Terms {
  return termsView.parse(stored)
}
