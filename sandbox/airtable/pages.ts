// Beside the API: the hosts' photos, and the base as the sandbox's console shows and edits it.
import { Hono } from 'hono'
import type { SandboxContext } from '../core/provider.ts'
import { drawPhoto } from '../seed/photos.ts'
import { openEdit } from './edit.ts'
import type { Edit } from './edit.ts'
import { publishChanges } from './publish.ts'
import { noSuchModel, noSuchRow, Refusal } from './refusal.ts'
import { isObject } from './request.ts'
import { rowsOf } from './rows.ts'
import { choicesOf, findTable, tables } from './schema.ts'
import type { Table } from './schema.ts'

/** A person's edits count as made in Airtable's own pages: source `client`, new select options allowed. */
export function airtablePages(ctx: SandboxContext): Hono {
  const app = new Hono()
  const edited = (tableName: string, act: (edit: Edit, table: Table) => void) => ctx.store.transaction(() => {
    const table = findTable(tableName)
    if (!table) throw noSuchModel()
    const edit = openEdit(ctx, true)
    act(edit, table)
    publishChanges(ctx, edit.commit(), 'client')
    ctx.changed('airtable.edited')
  })
  const fieldsOf = async (request: Request) => {
    const body: unknown = await request.json().catch(() => undefined)
    return isObject(body) && isObject(body['fields']) ? body['fields'] : {}
  }
  app.onError((error, c) => {
    if (!(error instanceof Refusal)) throw error
    return c.json(error.answer.body as object, error.answer.status as 422)
  })

  app.get('/_sandbox/photos/:file', (c) => {
    const slug = c.req.param('file').replace(/\.svg$/, '')
    return c.body(drawPhoto(slug), 200, { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=3600', 'access-control-allow-origin': '*' })
  })
  app.get('/_sandbox/airtable', (c) => c.json({
    tables: tables.map((table) => ({
      name: table.name, description: table.description,
      fields: table.fields.map((field) => ({ name: field.name, type: field.type, choices: choicesOf(ctx.store, field).map((choice) => choice.name) })),
      records: rowsOf(ctx.store, table.name),
    })),
  }))
  app.post('/_sandbox/airtable/:table', async (c) => {
    const fields = await fieldsOf(c.req.raw)
    edited(c.req.param('table'), (edit, table) => edit.create(table, fields))
    return c.json({}, 201)
  })
  app.patch('/_sandbox/airtable/:table/:recordId', async (c) => {
    const fields = await fieldsOf(c.req.raw)
    edited(c.req.param('table'), (edit, table) => {
      if (!edit.row(table, c.req.param('recordId'))) throw noSuchRow(c.req.param('recordId'))
      edit.update(table, c.req.param('recordId'), fields, false)
    })
    return c.json({})
  })
  app.delete('/_sandbox/airtable/:table/:recordId', (c) => {
    edited(c.req.param('table'), (edit, table) => {
      if (!edit.row(table, c.req.param('recordId'))) throw noSuchRow(c.req.param('recordId'))
      edit.remove(table, c.req.param('recordId'))
    })
    return c.json({})
  })
  return app
}
