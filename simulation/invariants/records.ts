// Compares the rows in Airtable with the database.
import type { RecordTable } from '../../server/db/record-changes.ts'
import { readFields } from '../../server/journey/records/read-fields.ts'
import { rowsOf } from '../../world/outside.ts'
import type { Invariant } from '../invariant.ts'
import type { Aftermath } from '../simulation.ts'

/** Changes with every request, and is written to Airtable only together with another change. */
const unwritten = ['Last Active']

async function idsOf(db: Aftermath['db'], table: RecordTable): Promise<string[]> {
  switch (table) {
    case 'Members':
      // Operators and hosts who never acted as members have no row.
      return (await db.selectFrom('members').select('id').where('fullName', '!=', '').execute()).map(
        ({ id }) => id,
      )
    case 'Presence Operations':
      return (await db.selectFrom('bookings').select('id').execute()).map(({ id }) => id)
    case 'Refunds':
      return (await db.selectFrom('refunds').select('id').execute()).map(({ id }) => id)
    case 'Likes':
      return (await db.selectFrom('likes').select(['hostId', 'memberId']).execute()).map(
        ({ hostId, memberId }) => `${hostId}:${memberId}`,
      )
  }
}

/** Airtable omits empty cells, and shows times to the millisecond. */
function isSame(ours: unknown, theirs: unknown): boolean {
  const plain = (value: unknown) =>
    value === undefined ||
    value === null ||
    value === '' ||
    value === false ||
    (Array.isArray(value) && value.length === 0)
      ? null
      : value
  return JSON.stringify(plain(ours)) === JSON.stringify(plain(theirs))
}

const same: Invariant = {
  name: 'the rows in Airtable equal the database, one for each',
  look: async ({ world, db, history }) => {
    const problems: string[] = []
    const seen: string[] = []
    const members = new Set((await rowsOf(world, 'Members')).map(({ id }) => id))
    for (const table of ['Members', 'Presence Operations', 'Likes', 'Refunds'] as const) {
      const ids = await idsOf(db, table)
      const ours = ids.length === 0 ? [] : await readFields(db, table, ids)
      const rows = await rowsOf(world, table)
      seen.push(`${ours.length} ${table}`)
      // Airtable takes a deleted row out of the links of every other. They follow with the next change of it.
      const isGone = (value: unknown) =>
        Array.isArray(value) && value.every((id) => typeof id === 'string' && !members.has(id))
      for (const fields of ours) {
        const mine = rows.filter((row) => row.fields['Presence ID'] === fields['Presence ID'])
        // What somebody deleted comes back with its next change; until then it may be missing, never doubled.
        const isDeleted = mine.length === 0 && history.deletedRows.has(String(fields['Presence ID']))
        if (mine.length !== 1 && !isDeleted)
          problems.push(`${table} has ${mine.length} rows of ${String(fields['Presence ID'])}`)
        for (const [name, value] of Object.entries(fields)) {
          const isDeletedLink =
            name === 'Linked Member' &&
            history.deletedRows.size > 0 &&
            isGone(value) &&
            !mine[0]?.fields[name]
          if (
            mine[0] &&
            !unwritten.includes(name) &&
            !isDeletedLink &&
            !isSame(value, mine[0].fields[name])
          ) {
            problems.push(
              `${table} ${String(fields['Presence ID'])}: ${name} is ${JSON.stringify(mine[0].fields[name])}, and the database has ${JSON.stringify(value)}`,
            )
          }
        }
      }
    }
    return { evidence: seen.join(', '), problems }
  },
}

export const recordInvariants = [same]
