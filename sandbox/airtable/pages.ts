// Beside the API: the files that attachments point to.
import { Hono } from 'hono'
import { drawPhoto } from '../seed/photos.ts'

export function airtablePages(): Hono {
  const app = new Hono()
  app.get('/_sandbox/photos/:file', (c) => {
    const slug = c.req.param('file').replace(/\.svg$/, '')
    return c.body(drawPhoto(slug), 200, {
      'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=3600', 'access-control-allow-origin': '*',
    })
  })
  return app
}
