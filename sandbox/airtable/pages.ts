// Routes beside the API: the files that attachments point to, and what operators do to the base itself.
import { Hono } from 'hono'
import { z } from 'zod'
import type { SandboxContext } from '../core/provider.ts'
import { drawPhoto } from '../seed/photos.ts'
import { removeField, rename } from './schema.ts'

const newName = z.strictObject({ id: z.string(), name: z.string().trim().min(1) })

export function airtablePages(ctx: SandboxContext): Hono {
  const app = new Hono()
  app.get('/_sandbox/photos/:file', (c) => {
    const slug = c.req.param('file').replace(/\.svg$/, '')
    return c.body(drawPhoto(slug), 200, {
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=3600',
      'access-control-allow-origin': '*',
    })
  })
  app.post('/_sandbox/airtable/names', async (c) => {
    const body = newName.safeParse(await c.req.json().catch(() => undefined))
    if (!body.success) return c.json({ error: z.prettifyError(body.error) }, 400)
    if (!rename(ctx.store, body.data.id, body.data.name))
      return c.json({ error: 'The base has no table and no field of this id.' }, 404)
    ctx.changed('airtable.names')
    return c.json(body.data)
  })
  app.post('/_sandbox/airtable/fields/:id', async (c) => {
    const body = z
      .strictObject({ isRemoved: z.boolean() })
      .safeParse(await c.req.json().catch(() => undefined))
    if (!body.success) return c.json({ error: z.prettifyError(body.error) }, 400)
    if (!removeField(ctx.store, c.req.param('id'), body.data.isRemoved))
      return c.json({ error: 'The base has no field of this id.' }, 404)
    ctx.changed('airtable.fields')
    return c.json(body.data)
  })
  return app
}
