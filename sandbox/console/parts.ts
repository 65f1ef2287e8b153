// The pieces every panel is made of. Texts from outside are escaped by `html`.
import { html } from 'hono/html'
import type { Faults } from '../core/faults.ts'
import type { Journal } from '../core/journal.ts'
import type { Provider, ProviderName, SandboxContext } from '../core/provider.ts'
import type { TimeTravel } from '../core/time-travel.ts'

export type Html = ReturnType<typeof html>

/** What a panel may look at. `part` is what follows the panel's name in the address: `airtable/Hosts`. */
export type View = {
  ctx: SandboxContext
  journal: Journal
  faults: Faults
  travel: TimeTravel
  providers: Provider[]
  part: string
}

/** A time that the page writes in the reader's zone. Formats: time, datetime, day, relative. */
export function time(atMs: number, format: 'time' | 'seconds' | 'datetime' | 'day' | 'relative'): Html {
  const iso = new Date(atMs).toISOString()
  return html`<time datetime="${iso}" data-format="${format}">${iso}</time>`
}

export function money(cents: number, currency: string): string {
  return new Intl.NumberFormat('en-AU', {
    style: 'currency',
    currency: currency.toUpperCase(),
    currencyDisplay: 'narrowSymbol',
  }).format(cents / 100)
}

const tones: Record<string, string> = {
  succeeded: 'good',
  paid: 'good',
  complete: 'good',
  available: 'good',
  accepted: 'good',
  delivered: 'good',
  won: 'good',
  enabled: 'good',
  inside: 'good',
  open: 'busy',
  pending: 'busy',
  queued: 'busy',
  sent: 'busy',
  in_transit: 'busy',
  needs_response: 'bad',
  unpaid: 'busy',
  failed: 'bad',
  undelivered: 'bad',
  cancelled: 'bad',
  canceled: 'bad',
  rejected: 'bad',
  lost: 'bad',
  disputed: 'bad',
  reversed: 'bad',
}

/** A state as a small coloured word. */
export function chip(text: string, tone = tones[text] ?? 'calm'): Html {
  return html`<span class="chip ${tone}">${text.replaceAll('_', ' ')}</span>`
}

export const serviceNames: Record<ProviderName, string> = {
  stripe: 'Stripe',
  twilio: 'Twilio',
  calcom: 'Cal.com',
  daily: 'Daily',
  airtable: 'Airtable',
}

export const badge = (provider: ProviderName) =>
  html`<span class="badge ${provider}">${serviceNames[provider]}</span>`

export function empty(title: string, text: Html | string): Html {
  return html`<div class="empty">
    <h2>${title}</h2>
    <p>${text}</p>
  </div>`
}

export type Row = {
  kind: string
  id: string
  title: Html | string
  detail: Html | string
  figure?: string
  state?: Html
  atMs?: number
  /** What can be done with it: label, address and body of a POST. */
  acts?: [label: string, address: string, body: object][]
}

/** A heading and a list whose rows open to the whole document. */
export function section(title: string, rows: Row[], emptyText: string): Html {
  return html`<section data-key="section-${title}" class="rows">
    <h2>${title}${rows.length > 0 ? html` <span class="count">${rows.length}</span>` : ''}</h2>
    ${rows.length === 0 ? html`<p class="muted">${emptyText}</p>` : html`<div class="card list">${rows.map(row)}</div>`}
  </section>`
}

function row({ kind, id, title, detail, figure, state, atMs, acts = [] }: Row): Html {
  const address = `/_sandbox/console/document?kind=${encodeURIComponent(kind)}&id=${encodeURIComponent(id)}`
  return html`<details class="row" data-key="${kind} ${id}" data-load="${address}">
    <summary>
      <span class="what"><span class="title">${title}</span><span class="detail">${detail}</span></span>
      <span class="figures"
        >${figure === undefined ? '' : html`<span class="figure">${figure}</span>`}${state ?? ''}
        ${atMs === undefined ? '' : html`<span class="when">${time(atMs, 'datetime')}</span>`}</span
      >
    </summary>
    ${
      acts.length === 0
        ? ''
        : html`<div class="buttons">
            ${acts.map(
              ([label, to, body]) =>
                html` <button
                  type="button"
                  class="button"
                  data-post="${to}"
                  data-body="${JSON.stringify(body)}"
                >
                  ${label}
                </button>`,
            )}
          </div>`
    }
    <div class="loaded" data-keep></div>
  </details>`
}

/** JSON or a form, laid out for reading; anything else as it stands. */
export function readable(body: string, contentType = ''): string {
  if (contentType.includes('form-urlencoded'))
    return [...new URLSearchParams(body)].map(([name, value]) => `${name} = ${value}`).join('\n')
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

/** Names by mobile number, from the Airtable base. */
export function namesByNumber(ctx: SandboxContext): Map<string, string> {
  const people = ['Members', 'Hosts'].flatMap((table) =>
    ctx.store.list<{ fields: Record<string, unknown> }>(`airtable.record:${table}`),
  )
  return new Map(
    people.map(({ fields }) => [
      String(fields['Mobile Number'] ?? '').replace(/[^+\d]/g, ''),
      String(fields['Full Name'] ?? ''),
    ]),
  )
}

/** +61 491 570 006 */
export function spoken(mobileNumber: string): string {
  return mobileNumber.replace(/^(\+61)(\d{3})(\d{3})(\d{3})$/, '$1 $2 $3 $4')
}
