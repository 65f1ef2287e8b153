// Every call and every delivery, newest first.
import { html } from 'hono/html'
import type { JournalEntry } from '../../core/journal.ts'
import { badge, chip, empty, readable, time } from '../parts.ts'
import type { Html, View } from '../parts.ts'

const shown = 150
const filters: [label: string, part: string][] = [
  ['All', ''],
  ['Webhooks', 'webhooks'],
  ['Problems', 'problems'],
  ['Stripe', 'stripe'],
  ['Twilio', 'twilio'],
  ['Cal.com', 'calcom'],
  ['Daily', 'daily'],
  ['Airtable', 'airtable'],
]

export function journalPanel({ journal, part }: View): Html {
  const entries = journal
    .since(0)
    .filter((entry) => matches(entry, part))
    .slice(-shown)
    .reverse()
  return html` <nav class="pills" aria-label="Show">
      ${filters.map(
        ([label, filter]) =>
          html` <a href="#journal${filter ? `/${filter}` : ''}" ${filter === part ? 'aria-current=true' : ''}
            >${label}</a
          >`,
      )}
    </nav>
    ${
      entries.length === 0
        ? empty(
            'Nothing here yet',
            'Calls to the stand-ins and the webhooks they send appear as they happen.',
          )
        : html`<div class="card list journal">${entries.map(line)}</div>`
    }`
}

function matches(entry: JournalEntry, part: string): boolean {
  if (part === 'webhooks') return entry.kind === 'delivery'
  if (part === 'problems')
    return entry.fault !== undefined || entry.note !== undefined || (entry.status ?? 0) >= 400
  return part === '' || entry.provider === part
}

function line(entry: JournalEntry): Html {
  return html`<details
    class="row"
    data-key="journal ${entry.id}"
    data-load="/_sandbox/console/journal-entry?id=${entry.id}"
  >
    <summary>
      ${badge(entry.provider)}
      <span class="what"
        ><span class="title"
          >${entry.kind === 'delivery' ? html`<span class="arrow" title="Webhook">→</span> ` : ''}${entry.operation}</span
        >
        <span class="detail mono">${entry.method} ${entry.url}</span></span
      >
      <span class="figures"
        ><span class="states">${entry.fault ? chip(entry.fault, 'bad') : ''} ${status(entry)}</span>
        <span class="when"
          >${time(Date.parse(entry.at), 'seconds')}${entry.durationMs === undefined ? '' : ` · ${entry.durationMs} ms`}</span
        ></span
      >
    </summary>
    <div class="loaded" data-keep></div>
  </details>`
}

function status({ status, note, attempt = 1 }: JournalEntry): Html {
  const again = attempt > 1 ? html`<span class="muted">try ${attempt}</span> ` : ''
  if (status !== undefined) return html`${again}${chip(String(status), status < 400 ? 'good' : 'bad')}`
  return html`${again}${note === undefined ? chip('running', 'busy') : chip(note, 'bad')}`
}

/** Request and answer of one entry. */
export function journalEntry({ journal, part }: View): Html {
  const entry = journal.since(Number(part) - 1)[0]
  if (!entry || entry.id !== Number(part)) return html`<p class="muted">This entry is no longer kept.</p>`
  const headers = Object.entries(entry.requestHeaders)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
  return html` ${block('Headers sent', headers)}
  ${block('Body sent', readable(entry.requestBody, entry.requestHeaders['content-type']))}
  ${block('Answer', readable(entry.responseBody ?? entry.note ?? ''))}`
}

const block = (title: string, text: string) =>
  text
    ? html`<h3>${title}</h3>
        <pre>${text}</pre>`
    : html``
