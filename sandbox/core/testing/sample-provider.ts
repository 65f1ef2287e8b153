// A small stand-in with one of everything, for tests of the core alone. It poses as Stripe.
import { createHmac } from 'node:crypto'
import type { Provider } from '../provider.ts'

type Note = { id: string; text: string }

export const sample: Provider = {
  name: 'stripe',
  operations: [
    {
      name: 'notes.create',
      method: 'POST',
      path: '/v1/notes',
      handle: (request, ctx) => {
        const text = new URLSearchParams(request.body).get('text') ?? ''
        const note = { id: `note_${ctx.store.next('note')}`, text }
        ctx.store.put('stripe.note', note.id, note)
        ctx.deliver({
          id: `evt_${note.id}`,
          provider: 'stripe',
          type: 'note.created',
          url: `${ctx.appUrl}/hook`,
          contentType: 'application/json',
          body: JSON.stringify({ id: `evt_${note.id}`, note: note.id, text }),
        })
        if (text === 'crash') throw new Error('crash')
        return { status: 200, body: note }
      },
    },
    {
      name: 'notes.list',
      method: 'GET',
      path: '/v1/notes',
      handle: (_, ctx) => ({ status: 200, body: { data: ctx.store.list<Note>('stripe.note') } }),
    },
    {
      name: 'notes.retrieve',
      method: 'GET',
      path: '/v1/notes/:id',
      handle: ({ params, query, headers }) => ({
        status: 200,
        body: { params, query: query.toString(), agent: headers['user-agent'] },
      }),
    },
  ],
  owns: (path) => path.startsWith('/v1/'),
  authenticate: ({ headers }, _, ctx) =>
    headers['authorization'] === `Bearer ${ctx.keys['STRIPE_SECRET_KEY']}`
      ? undefined
      : { status: 401, body: { error: 'key' } },
  limit: () => ({ status: 429, body: { error: 'limit' } }),
  error: (status, reason) => ({ status, body: { error: { type: 'api_error', code: reason } } }),
  sign: (delivery, secret, timestampMs) => ({ 'x-signature': signature(secret, timestampMs, delivery.body) }),
  retryDelaysMs: [20, 20, 20],
  timers: {
    note: (data: { text: string }, ctx) => {
      const text = data.text
      ctx.store.put('stripe.ran', String(ctx.store.next('ran')), text)
      if (text === 'first') ctx.schedule('stripe', 'note', ctx.clock.now() - 1, { text: 'through the first' })
      if (text === 'broken') throw new Error('broken')
    },
  },
  start: () => {},
}

function signature(secret: string, timestampMs: number, body: string): string {
  return `${timestampMs}.${createHmac('sha256', secret).update(`${timestampMs}.${body}`).digest('hex')}`
}

/** Does the signature belong to this body and secret? */
export function isSigned(secret: string, header: string | undefined, body: string): boolean {
  const timestampMs = Number(header?.split('.')[0])
  return header === signature(secret, timestampMs, body)
}
