import { expect, test } from 'vitest'
import { startWorld } from '../core/testing/world.ts'

async function consoleWorld() {
  const { sandbox, call } = await startWorld()
  const get = (path: string) => fetch(`http://127.0.0.1:${sandbox.port}${path}`)
  const text = async (path: string) => (await get(path)).text()
  const receive = (sid: string, body: string, more: object = {}) =>
    sandbox.ctx.store.put('twilio.message', sid, {
      sid,
      to: '+61491570006',
      from: '+61480000000',
      body,
      status: 'delivered',
      direction: 'outbound-api',
      createdAt: 1_800_000_000_000,
      ...more,
    })
  return { sandbox, call, get, text, receive }
}

test('every panel opens in an empty sandbox', async () => {
  const { get } = await consoleWorld()
  for (const panel of ['clock', 'phones', 'money', 'calendars', 'rooms', 'airtable', 'journal', 'faults']) {
    const answer = await get(`/_sandbox/console/${panel}`)
    expect({ panel, status: answer.status }).toEqual({ panel, status: 200 })
    expect(`${panel}: ${await answer.text()}`).not.toMatch(/undefined|\[object|NaN/)
  }
  expect((await get('/_sandbox/console/nothing')).status).toBe(404)
})

test('the page loads nothing from outside the sandbox', async () => {
  const { text, sandbox } = await consoleWorld()
  const page = await text('/')
  const files = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)]
    .map(([, address = '']) => address)
    .filter((address) => address !== sandbox.ctx.appUrl)
  expect(files.length).toBeGreaterThan(2)
  for (const file of files) expect(file).toMatch(/^\/_sandbox\/console\//)
  const script = await text('/_sandbox/console/page.js')
  for (const [, file] of script.matchAll(/from '\.\/([^']+)'/g))
    expect(await text(`/_sandbox/console/${file}`)).toContain('export function')
  expect(await text('/_sandbox/console/page.css')).not.toMatch(/url\(|@import/)
})

test('a phone shows its messages and replies, with links to follow and codes to copy', async () => {
  const { text, receive } = await consoleWorld()
  receive('SM1', 'Your code is 482913.')
  receive('SM2', 'Join: http://localhost:3000/join/abc.')
  receive('SM3', 'Thank you', { from: '+61491570006', to: '+61480000000', direction: 'inbound' })
  const phones = await text('/_sandbox/console/phones')
  expect(phones.match(/class="phone card"/g)).toHaveLength(1)
  expect(phones).toContain('data-copy="482913"')
  expect(phones).toContain(
    '<a href="http://localhost:3000/join/abc" target="_blank" rel="noreferrer">localhost:3000/join/abc</a>.',
  )
  expect(phones).toContain('class="bubble mine" data-key="SM3"')
})

test('text from outside never becomes markup', async () => {
  const { text, receive, call, sandbox } = await consoleWorld()
  const attack = '<img src=x onerror=alert(1)>"\'http://a.test/"onmouseover=alert(1)'
  receive('SM1', attack)
  await call('POST', '/v1/notes', { text: attack })
  await sandbox.settled()
  sandbox.ctx.store.put('stripe.charge', 'ch_1', {
    id: 'ch_1',
    amount: 1800,
    currency: 'aud',
    created: 1,
    status: attack,
    description: attack,
    amount_refunded: 0,
  })
  const pages = [
    'phones',
    'money',
    'journal',
    'journal-entry?id=1',
    'journal-entry?id=2',
    'document?kind=stripe.note&id=note_1',
  ]
  for (const page of pages) {
    const shown = `${page}: ${await text(`/_sandbox/console/${page}`)}`
    expect(shown).not.toContain('<img src=x')
    expect(shown).not.toContain('"onmouseover')
  }
  expect(await text('/_sandbox/console/phones')).toContain('&lt;img')
})

test('the money panel sums the balance transactions', async () => {
  const { text, sandbox } = await consoleWorld()
  const { store } = sandbox.ctx
  store.put('stripe.charge', 'ch_1', {
    id: 'ch_1',
    amount: 4000,
    amount_refunded: 0,
    currency: 'aud',
    created: 1,
    status: 'succeeded',
  })
  store.put('stripe.balance_transaction', 'txn_1', {
    net: 3854,
    fee: 146,
    currency: 'aud',
    status: 'available',
    available_on: 1,
  })
  store.put('stripe.balance_transaction', 'txn_2', {
    net: -1000,
    fee: 0,
    currency: 'aud',
    status: 'available',
    available_on: 1,
  })
  const money = (await text('/_sandbox/console/money')).replace(/>\s+</g, '><')
  expect(money).toContain('<dt>Available</dt><dd>$28.54</dd>')
  expect(money).toContain('<dt>Stripe fees</dt><dd>$1.46</dd>')
})

test('open pages are told of changes', async () => {
  const { get, call } = await consoleWorld()
  const answer = await get('/_sandbox/events')
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  let heard = ''
  const hear = async (wanted: string) => {
    while (!heard.includes(wanted)) {
      const { value, done } = await reader.read()
      if (done) throw new Error(`ended without ${wanted}`)
      heard += value
    }
  }
  await hear('hello')
  await call('POST', '/v1/notes', { text: 'hello' })
  await hear('stripe.notes.create')
  await reader.cancel()
})
