// Another mobile number: the wish is kept, and a code to the old number and one to the new make it true.
import { type Db, inTransaction } from '../../db/client.ts'
import { Refusal } from '../../lib/errors.ts'
import { isMobileNumber } from '../../lib/phone-number.ts'
import { now } from '../../lib/time.ts'
import type { Who } from '../request.ts'

/**
 * Refuses: invalid_input; not_allowed for operators, whose numbers are kept in the settings. Whether the number
 * is somebody's is said only to who has its code.
 */
export async function startNumberChange(db: Db, who: Who, newNumber: string): Promise<void> {
  if (who.isOperator)
    throw new Refusal('not_allowed', 'Operators are named in the settings, where their number is changed.')
  if (!isMobileNumber(newNumber))
    throw new Refusal('invalid_input', 'That does not look like a mobile number. Please check it.')
  if (newNumber === who.mobileNumber)
    throw new Refusal('invalid_input', 'That is your number already. Please give the new one.')
  const change = { newNumber, askedAt: now(), oldConfirmedAt: null, newConfirmedAt: null }
  await inTransaction(db, async (tx) => {
    await tx
      .insertInto('numberChanges')
      .values({ personId: who.personId, ...change })
      .onConflict((conflict) => conflict.column('personId').doUpdateSet(change))
      .execute()
  })
}
