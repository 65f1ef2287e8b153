import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { openStripe, readStripeEvent } from './stripe.ts'

const at = new Date('2030-05-01T00:00:00Z')
const config = {
  apiUrl: 'http://localhost:1',
  jsUrl: '',
  secretKey: 'sk_test_x',
  publishableKey: 'pk_test_x',
}
const client = openStripe({ ...config, webhookSecrets: ['whsec_new', 'whsec_old'] })
const body = JSON.stringify({ id: 'evt_1', object: 'event', type: 'charge.refunded' })
const signedWith = (secret: string, payload = body) =>
  new Stripe('sk_test_x').webhooks.generateTestHeaderString({
    payload,
    secret,
    timestamp: at.getTime() / 1000,
  })

test('the old and the new webhook secret are accepted during a change, and no other', () => {
  expect(readStripeEvent(client, body, signedWith('whsec_new'), at)?.id).toBe('evt_1')
  expect(readStripeEvent(client, body, signedWith('whsec_old'), at)?.id).toBe('evt_1')
  expect(readStripeEvent(client, body, signedWith('whsec_third'), at)).toBeUndefined()
})

test('a webhook signed with two secrets is accepted where one of them is known', () => {
  const header = `${signedWith('whsec_third')},${signedWith('whsec_old').split(',')[1]}`
  expect(readStripeEvent(client, body, header, at)?.id).toBe('evt_1')
})

test('a signature of another body or from five minutes ago is refused', () => {
  expect(readStripeEvent(client, body.replace('evt_1', 'evt_2'), signedWith('whsec_old'), at)).toBeUndefined()
  expect(
    readStripeEvent(client, body, signedWith('whsec_old'), new Date(at.getTime() + 301_000)),
  ).toBeUndefined()
  expect(readStripeEvent(client, body, undefined, at)).toBeUndefined()
})
