// Airtable: the token and its rights, the base with its tables and fields, and the webhook.
import {
  type BaseTable,
  fetchBaseTables,
  listBaseWebhooks,
  tryReading,
  tryWriting,
} from '../../integrations/airtable-base.ts'
import { knownIds } from '../../integrations/airtable-ids.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { neededTables, type SchemaProblem, schemaProblems } from './base-schema.ts'
import { type ConnectionLine, linesOf } from './connection.ts'
import { findRefusal } from './find-refusal.ts'

const { ok, failing } = linesOf('airtable')

export async function checkAirtable(ctx: Context): Promise<ConnectionLine[]> {
  let tables: BaseTable[] = []
  const token = await findRefusal('airtable', 'token', async () => {
    tables = await fetchBaseTables(ctx.airtable)
    return ok('token', `Sees the base ${ctx.config.airtable.baseId}`)
  })
  if (token[0]?.state === 'failing') return token
  const named = await namedTables(ctx, tables)
  const first = named.find(({ name }) => name === 'Members')
  return [
    ...token,
    ...schemaLines(schemaProblems(named)),
    ...(first
      ? [
          ...(await findRefusal('airtable', 'right to read', async () => {
            await tryReading(ctx.airtable, first.id)
            return ok('right to read', 'data.records:read')
          })),
          ...(await findRefusal('airtable', 'right to write', async () => {
            await tryWriting(ctx.airtable, first.id)
            return ok('right to write', 'data.records:write')
          })),
        ]
      : []),
    ...(await findRefusal('airtable', 'webhook', () => webhookLine(ctx))),
  ]
}

/** Tables and fields under our names for them: operators may rename what we have seen once. */
async function namedTables(ctx: Context, tables: BaseTable[]): Promise<BaseTable[]> {
  const known = await knownIds(ctx.airtable)
  return tables.map((table) => {
    const [name, ids] = Object.entries(known).find(([, { id }]) => id === table.id) ?? [table.name, undefined]
    const names = new Map(Object.entries(ids?.fields ?? {}).map(([field, id]) => [id, field]))
    return {
      ...table,
      name,
      fields: table.fields.map((field) => ({ ...field, name: names.get(field.id) ?? field.name })),
    }
  })
}

function schemaLines(problems: SchemaProblem[]): ConnectionLine[] {
  if (problems.length === 0) return [ok('tables', `${Object.keys(neededTables).length} tables, as needed`)]
  return problems.map((problem) => {
    if (problem.kind === 'table')
      return failing(
        `table ${problem.table}`,
        `table:${problem.table}`,
        'It does not exist',
        `Add a table ${problem.table}, or restore it from the base's trash.`,
      )
    const { table, field } = problem
    const name = `${table}: ${field}`
    if (problem.kind === 'field')
      return failing(
        name,
        `field:${table}:${field}`,
        'There is no such field',
        `Add it to the table ${table}.`,
      )
    return failing(
      name,
      `type:${table}:${field}`,
      `It is of the type ${problem.type}`,
      `Change its type to ${problem.needed[0]}: it cannot be read or written as it is.`,
    )
  })
}

async function webhookLine(ctx: Context): Promise<ConnectionLine> {
  const url = `${ctx.config.publicUrl}/functions/v1/airtable-webhook`
  const found = (await listBaseWebhooks(ctx.airtable)).find(({ notificationUrl }) => notificationUrl === url)
  const start = 'Start Presence, which registers it; edits are read every five minutes meanwhile.'
  if (!found) return failing('webhook', 'webhook_missing', 'There is none at our address', start)
  if (found.expirationTime && new Date(found.expirationTime) <= now())
    return failing('webhook', 'webhook_expired', `It ended on ${found.expirationTime.slice(0, 10)}`, start)
  if (found.areNotificationsEnabled === false)
    return failing('webhook', 'webhook_disabled', 'Airtable has stopped its notifications', start)
  return ok('webhook', 'Registered')
}
