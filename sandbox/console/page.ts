// The frame of the console; its panels are fetched and kept fresh by page.js.
import { html, raw } from 'hono/html'
import type { Html } from './parts.ts'

const icons: Record<string, string> = {
  phones: '<rect x="6" y="2" width="8" height="16" rx="2"/><path d="M9 15h2"/>',
  money: '<rect x="2" y="5" width="16" height="11" rx="2"/><path d="M2 9h16M5 13h3"/>',
  calendars: '<rect x="3" y="4" width="14" height="13" rx="2"/><path d="M3 8h14M7 2v4M13 2v4"/>',
  rooms: '<rect x="2" y="5" width="11" height="10" rx="2"/><path d="M13 9l5-3v8l-5-3"/>',
  airtable: '<rect x="2" y="3" width="16" height="14" rx="2"/><path d="M2 8h16M2 12.5h16M8 3v14"/>',
  journal: '<path d="M4 5h12M4 10h12M4 15h8"/>',
  faults: '<path d="M11 2L4 11h5l-1 7 7-9h-5z"/>',
}
const names = {
  phones: 'Phones',
  money: 'Money',
  calendars: 'Calendars',
  rooms: 'Rooms',
  airtable: 'Airtable',
  journal: 'Journal',
  faults: 'Faults',
}

export function page(appUrl: string): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Presence sandbox</title>
        <link rel="icon" href="/_sandbox/console/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/_sandbox/console/page.css" />
        <script type="module" src="/_sandbox/console/page.js"></script>
      </head>
      <body>
        <a class="skip" href="#panel">To the content</a>
        <header class="side">
          <div class="brand">
            <div>
              <h1>Presence sandbox</h1>
              <p class="muted">Nothing here is real: no money, no messages.</p>
            </div>
            <a class="button" href="${appUrl}" target="_blank" rel="noreferrer">Open Presence</a>
          </div>
          <section id="clock" class="card" aria-label="Clock"></section>
          <nav class="tabs" aria-label="Console">
            ${Object.entries(names).map(
              ([id, name]) =>
                html` <a href="#${id}"
                  ><svg viewBox="0 0 20 20" aria-hidden="true">${raw(icons[id])}</svg>${name}</a
                >`,
            )}
          </nav>
          <p id="live" class="muted" role="status"></p>
        </header>
        <main id="panel" tabindex="-1"></main>
        <div id="toast" role="status" hidden></div>
      </body>
    </html>`
}
