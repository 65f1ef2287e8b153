// One phone for each mobile number, with everything that was sent to it and what it replied.
import { html } from 'hono/html'
import { minuteMs } from '../../core/durations.ts'
import type { Message } from '../../twilio/message.ts'
import { chip, empty, namesByNumber, spoken, time } from '../parts.ts'
import type { Html, View } from '../parts.ts'

const shownMessages = 60
const shownPhones = 24

export function phonesPanel({ ctx }: View): Html {
  const phones = new Map<string, Message[]>()
  for (const message of ctx.store.list<Message>('twilio.message')) {
    if (onTheWay.has(message.status)) continue
    const number = isReply(message) ? message.from : message.to
    const messages = phones.get(number)
    if (messages) messages.push(message)
    else phones.set(number, [message])
  }
  if (phones.size === 0) {
    return empty(
      'No phone has rung yet',
      html`Open <a href="${ctx.appUrl}" target="_blank" rel="noreferrer">Presence</a> and sign in with any
        mobile number, for example <span class="mono">+61 491 570 313</span>. The code arrives here.`,
    )
  }
  const latest = (messages: Message[]) => messages.at(-1)?.createdAt ?? 0
  const ordered = [...phones].sort(([, a], [, b]) => latest(b) - latest(a)).slice(0, shownPhones)
  const names = namesByNumber(ctx)
  return html`<div class="phones">
    ${ordered.map(([number, messages]) => phone(number, names.get(number), messages.slice(-shownMessages)))}
  </div>`
}

// These have not reached the phone.
const onTheWay = new Set<Message['status']>(['accepted', 'scheduled', 'queued', 'canceled'])

const isReply = (message: Message) => message.direction === 'inbound'

function phone(number: string, name: string | undefined, messages: Message[]): Html {
  return html`<article class="phone card" data-key="phone ${number}" aria-label="Phone ${spoken(number)}">
    <header>
      <span class="avatar" aria-hidden="true">${name ? initials(name) : phoneIcon}</span>
      <span class="who"
        ><strong>${name ?? spoken(number)}</strong
        >${name ? html`<span class="muted">${spoken(number)}</span>` : ''}</span
      >
    </header>
    <div class="thread" data-stick role="log" tabindex="0" aria-label="Messages">
      ${messages.map((message, at) => bubble(message, messages[at - 1]))}
    </div>
    <form data-post="/_sandbox/twilio/inbound" class="reply">
      <input type="hidden" name="from" value="${number}" />
      <label class="sr" for="reply-${number}">Reply from ${spoken(number)}</label>
      <input id="reply-${number}" name="body" placeholder="Reply" autocomplete="off" required />
      <button class="button send" aria-label="Send">
        <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 16V4M5 9l5-5 5 5" /></svg>
      </button>
    </form>
  </article>`
}

const newMomentAfterMs = 10 * minuteMs

function bubble(message: Message, previous: Message | undefined): Html {
  const isNewMoment = !previous || message.createdAt - previous.createdAt > newMomentAfterMs
  return html`${isNewMoment ? html`<p class="moment" data-key="at ${message.sid}">${time(message.createdAt, 'datetime')}</p>` : ''}
    <div class="bubble ${isReply(message) ? 'mine' : 'theirs'}" data-key="${message.sid}">
      <p>${linked(message.body)}</p>
      <span class="meta"
        >${time(message.createdAt, 'time')}${['failed', 'undelivered'].includes(message.status) ? chip(message.status) : ''}</span
      >
    </div>`
}

/** The text with links that can be followed and codes that can be copied. */
function linked(text: string): (Html | string)[] {
  return text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]|\b\d{6}\b)/).map((piece, at) => {
    if (at % 2 === 0) return piece
    if (/^\d+$/.test(piece))
      return html`<button type="button" class="code" data-copy="${piece}" title="Copy">${piece}</button>`
    return html`<a href="${piece}" target="_blank" rel="noreferrer">${piece.replace(/^https?:\/\//, '')}</a>`
  })
}

const phoneIcon = html`<svg viewBox="0 0 20 20">
  <rect x="6" y="2" width="8" height="16" rx="2" />
  <path d="M9 15h2" />
</svg>`

const initials = (name: string) =>
  name
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join('')
