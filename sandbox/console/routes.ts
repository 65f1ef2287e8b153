// The console at `/`: a frame, its style and script, and one address for each panel.
import { readFileSync } from 'node:fs'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { page } from './page.ts'
import { airtablePanel } from './panels/airtable.ts'
import { calendarsPanel } from './panels/calendars.ts'
import { clockPanel } from './panels/clock.ts'
import { faultsPanel } from './panels/faults.ts'
import { journalEntry, journalPanel } from './panels/journal.ts'
import { moneyPanel } from './panels/money.ts'
import { phonesPanel } from './panels/phones.ts'
import { roomsPanel } from './panels/rooms.ts'
import type { Html, View } from './parts.ts'

const panels: Record<string, (view: View) => Html | Promise<Html>> = {
  clock: clockPanel,
  phones: phonesPanel,
  money: moneyPanel,
  calendars: calendarsPanel,
  rooms: roomsPanel,
  airtable: airtablePanel,
  journal: journalPanel,
  faults: faultsPanel,
}
const files: Record<string, string> = {
  'page.js': 'text/javascript',
  'act.js': 'text/javascript',
  'morph.js': 'text/javascript',
  'times.js': 'text/javascript',
  'icon.svg': 'image/svg+xml',
}
/** What /_sandbox/console/page.css consists of, in the order of the cascade. */
const styles = ['tokens', 'pieces', 'frame', 'rows', 'phones', 'panels', 'airtable']
const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')
const policy =
  "default-src 'self'; img-src 'self' data: http: https:; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"

export function consoleRoutes(view: Omit<View, 'part'>): Hono {
  const app = new Hono()
  app.use('/', async (c, next) => {
    c.header('content-security-policy', policy)
    await next()
  })
  app.get('/', (c) => c.html(page(view.ctx.appUrl)))
  for (const [file, type] of Object.entries(files)) {
    app.get(`/_sandbox/console/${file}`, (c) =>
      c.body(read(file), 200, {
        'content-type': `${type}; charset=utf-8`,
      }),
    )
  }
  app.get('/_sandbox/console/page.css', (c) =>
    c.body(styles.map((name) => read(`style/${name}.css`)).join('\n'), 200, {
      'content-type': 'text/css; charset=utf-8',
    }),
  )
  app.get('/_sandbox/console/journal-entry', (c) =>
    c.html(journalEntry({ ...view, part: c.req.query('id') ?? '' })),
  )
  app.get('/_sandbox/console/document', (c) => {
    const document = view.ctx.store.get(c.req.query('kind') ?? '', c.req.query('id') ?? '')
    return c.html(
      html`<pre>${document === undefined ? 'It is gone.' : JSON.stringify(document, null, 2)}</pre>`,
    )
  })
  app.get('/_sandbox/console/:panel', async (c) => {
    const panel = panels[c.req.param('panel')]
    return panel ? c.html(await panel({ ...view, part: c.req.query('part') ?? '' })) : c.notFound()
  })
  return app
}
