// The published test vectors of webhook signatures, against the server's code and the sandbox's.
import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { airtable } from '../../sandbox/airtable/provider.ts'
import { rememberSecret } from '../../sandbox/airtable/webhook.ts'
import { calcom } from '../../sandbox/calcom/provider.ts'
import type { Delivery, Provider, ProviderName } from '../../sandbox/core/provider.ts'
import { daily } from '../../sandbox/daily/provider.ts'
import { stripe } from '../../sandbox/stripe/provider.ts'
import { twilio } from '../../sandbox/twilio/provider.ts'
import { isAirtableMacValid } from '../../server/integrations/airtable.ts'
import { isCalcomSignatureValid } from '../../server/integrations/calcom.ts'
import { isDailySignatureValid } from '../../server/integrations/daily.ts'
import { readStripeEvent } from '../../server/integrations/stripe.ts'
import { isTwilioSignatureValid, openTwilio } from '../../server/integrations/twilio.ts'
import { hasContracts, readContract } from './contract/folder.ts'

type Vector = {
  id: string
  provider: ProviderName
  secret?: string | null
  authToken?: string
  secretBase64?: string
  timestamp?: number | string
  url?: string
  params?: Record<string, string>
  body?: string
  header?: { name: string; value: string }
  headers?: Record<string, string>
  expect: string
}

const vectors = hasContracts ? (readContract('signature.vectors.json')['vectors'] as unknown as Vector[]) : []
const isValid = (vector: Vector) => vector.expect.startsWith('valid')

/** Whether the server accepts a delivery with this signature, `laterMs` after it was signed. */
function weAccept(vector: Vector, laterMs = 0): boolean {
  const { body = '', header, secret } = vector
  switch (vector.provider) {
    case 'stripe': {
      const client = {
        sdk: new Stripe('sk_test_x'),
        webhookSecrets: ['whsec_older', secret!],
        publishableKey: '',
        isLive: false,
      }
      return (
        readStripeEvent(client, body, header!.value, new Date(Number(vector.timestamp) * 1000 + laterMs)) !==
        undefined
      )
    }
    case 'twilio': {
      const config = {
        accountSid: `AC${'0'.repeat(32)}`,
        authToken: vector.authToken!,
        messagingServiceSid: '',
        verifyServiceSid: '',
        apiUrl: '',
        verifyUrl: '',
        messagingUrl: '',
      }
      return isTwilioSignatureValid(openTwilio(config), header!.value, vector.url!, vector.params!)
    }
    case 'calcom':
      return isCalcomSignatureValid(
        { apiUrl: '', apiKey: '', webhookSecret: secret ?? 'a secret that is configured' },
        header!.value,
        body,
      )
    case 'daily': {
      const { 'X-Webhook-Signature': signature, 'X-Webhook-Timestamp': timestamp } = vector.headers!
      return isDailySignatureValid(
        { apiUrl: '', apiKey: '', webhookSecret: secret! },
        signature,
        timestamp,
        body,
        new Date(Number(timestamp) + laterMs),
      )
    }
    case 'airtable':
      return isAirtableMacValid(vector.secretBase64!, header!.value, body)
  }
}

const providers: Record<ProviderName, Provider> = { stripe, twilio, calcom, daily, airtable }

/** The headers with which the sandbox would send this. */
function sandboxSigns(vector: Vector): Record<string, string> {
  const delivery: Delivery = {
    id: 'ach00000000000000:1',
    provider: vector.provider,
    type: 'vector',
    url: vector.url ?? 'http://localhost/hook',
    contentType: 'application/json',
    body: vector.params ? new URLSearchParams(vector.params).toString() : (vector.body ?? ''),
  }
  if (vector.provider === 'airtable') {
    const specification = { options: { filters: { dataTypes: [] } } }
    rememberSecret({
      id: 'ach00000000000000',
      macSecretBase64: vector.secretBase64!,
      notificationUrl: null,
      areNotificationsEnabled: true,
      expiresAtMs: 0,
      nextCursor: 1,
      specification,
    })
  }
  const timestampMs = Number(vector.timestamp ?? 0) * (vector.provider === 'stripe' ? 1000 : 1)
  const headers = providers[vector.provider].sign(
    delivery,
    vector.secret ?? vector.authToken ?? '',
    timestampMs,
  )
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

describe.skipIf(!hasContracts)('the published signature vectors (CONTRACTS_DIR is needed)', () => {
  test.each(vectors.map((vector) => [vector.id, vector] as const))(
    "%s: the server's code decides as published",
    (_id, vector) => {
      expect(weAccept(vector)).toBe(isValid(vector))
    },
  )

  // The sandbox neither sends two signatures, as while a secret changes, nor signs a JSON body by its
  // address.
  const signed = vectors.filter(
    (vector) => isValid(vector) && !['stripe-2-two-v1', 'twilio-3-json'].includes(vector.id),
  )
  test.each(signed.map((vector) => [vector.id, vector] as const))(
    "%s: the sandbox's signature is the published one",
    (_id, vector) => {
      const published = vector.headers ?? { [vector.header!.name]: vector.header!.value }
      for (const [name, value] of Object.entries(published))
        expect(sandboxSigns(vector)[name.toLowerCase()]).toBe(value)
    },
  )

  test('every provider that signs has a vector', () => {
    expect(new Set(vectors.map((vector) => vector.provider))).toEqual(new Set(Object.keys(providers)))
  })

  test('a delivery that was changed by one character, or signed long ago, is refused', () => {
    for (const vector of vectors.filter(isValid)) {
      const changed = {
        ...vector,
        body: `${vector.body ?? ''} `,
        ...(vector.params ? { params: { ...vector.params, To: '+10000000000' } } : {}),
      }
      expect([vector.id, weAccept(changed)]).toEqual([vector.id, false])
      if (vector.timestamp) expect([vector.id, weAccept(vector, 301_000)]).toEqual([vector.id, false])
    }
  })
})
