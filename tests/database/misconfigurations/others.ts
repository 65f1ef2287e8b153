// Twilio, Cal.com, Daily and Airtable.
import { type Case, dailyHook, eventType, keys, put, refuse, store } from './arrange.ts'

export const otherMisconfigurations: [wrong: string, one: Case][] = [
  [
    'the Twilio token was changed',
    {
      provider: 'twilio',
      cause: 'credentials',
      mend: /TWILIO_AUTH_TOKEN/,
      config: ({ twilio }) => ({ twilio: { ...twilio, authToken: 'wrong' } }),
    },
  ],
  [
    'the Twilio account is suspended',
    {
      provider: 'twilio',
      cause: 'account',
      mend: /console/,
      arrange: () => put('twilio.standing', 'account', { status: 'suspended' }),
    },
  ],
  [
    'the Twilio account is a trial',
    {
      provider: 'twilio',
      cause: 'trial',
      mend: /Upgrade/,
      arrange: () => put('twilio.standing', 'account', { type: 'Trial' }),
    },
  ],
  [
    'the Verify service is unknown',
    {
      provider: 'twilio',
      cause: 'service',
      mend: /TWILIO_VERIFY_SERVICE_SID/,
      config: ({ twilio }) => ({ twilio: { ...twilio, verifyServiceSid: `VA${'0'.repeat(32)}` } }),
    },
  ],
  [
    'the Verify service sends four digits',
    {
      provider: 'twilio',
      cause: 'code_length',
      mend: /to 6/,
      arrange: () => put('twilio.service', keys()['TWILIO_VERIFY_SERVICE_SID']!, { codeLength: 4 }),
    },
  ],
  [
    'the messaging service is unknown',
    {
      provider: 'twilio',
      cause: 'service',
      mend: /TWILIO_MESSAGING_SERVICE_SID/,
      config: ({ twilio }) => ({ twilio: { ...twilio, messagingServiceSid: `MG${'0'.repeat(32)}` } }),
    },
  ],
  [
    'the messaging service has no sender',
    {
      provider: 'twilio',
      cause: 'sender',
      mend: /Sender Pool/,
      arrange: () => put('twilio.standing', 'account', { numbers: [] }),
    },
  ],
  [
    'replies go elsewhere',
    {
      provider: 'twilio',
      cause: 'inbound',
      mend: /twilio-inbound/,
      arrange: () => put('twilio.standing', 'account', { inboundUrl: 'https://demo.twilio.com/welcome' }),
    },
  ],
  [
    'Twilio cannot reach the address for reports',
    {
      provider: 'twilio',
      cause: 'callback',
      mend: /public https/,
      shown: ({ twilio }) => ({
        publicUrl: 'http://localhost:3000',
        twilio: { ...twilio, apiUrl: 'https://api.twilio.com' },
      }),
    },
  ],
  [
    'the Cal.com key is wrong',
    {
      provider: 'calcom',
      cause: 'credentials',
      mend: /API keys/,
      config: ({ calcom }) => ({ calcom: { ...calcom, apiKey: 'cal_live_wrong' } }),
    },
  ],
  [
    'the Cal.com key lacks a right',
    {
      provider: 'calcom',
      cause: 'rights:webhook',
      mend: /administrator/,
      arrange: refuse('calcom', 'webhooks.list', 403),
    },
  ],
  [
    'the Cal.com webhook is missing',
    {
      provider: 'calcom',
      cause: 'webhook_missing',
      mend: /calcom-webhook/,
      arrange: () => put('calcom.webhook', '1', { subscriberUrl: 'https://elsewhere.example' }),
    },
  ],
  [
    'the Cal.com webhook is switched off',
    {
      provider: 'calcom',
      cause: 'webhook_disabled',
      mend: /Switch it on/,
      arrange: () => put('calcom.webhook', '1', { active: false }),
    },
  ],
  [
    'the Cal.com webhook lacks triggers',
    {
      provider: 'calcom',
      cause: 'webhook_triggers',
      mend: /triggers/,
      arrange: () => put('calcom.webhook', '1', { triggers: ['BOOKING_CREATED'] }),
    },
  ],
  [
    'an event type is deleted',
    {
      provider: 'calcom',
      notice: /There is no amelia-hart/,
      mend: /Cal Link of Amelia Hart/,
      arrange: () => put('calcom.event-type', eventType(), { slug: 'half-hour' }),
    },
  ],
  [
    'an event type is too long',
    {
      provider: 'calcom',
      notice: /30 minutes long/,
      mend: /10 minutes/,
      arrange: () => put('calcom.event-type', eventType(), { lengthInMinutes: 30 }),
    },
  ],
  [
    'the Daily key is wrong',
    {
      provider: 'daily',
      cause: 'credentials',
      mend: /DAILY_API_KEY/,
      config: ({ daily }) => ({ daily: { ...daily, apiKey: 'wrong' } }),
    },
  ],
  [
    'the Daily domain has a long name',
    {
      provider: 'daily',
      cause: 'domain_length',
      mend: /at most 12/,
      arrange: () => put('daily.domain', 'domain', { name: 'presence-video-au' }),
    },
  ],
  [
    'the Daily webhook is missing',
    {
      provider: 'daily',
      cause: 'webhook_missing',
      mend: /docs\/accounts.md/,
      arrange: () => put('daily.webhook', dailyHook(), { url: 'https://elsewhere.example' }),
    },
  ],
  [
    'Daily has stopped the webhook',
    {
      provider: 'daily',
      cause: 'webhook_stopped',
      mend: /again/,
      arrange: () => put('daily.webhook', dailyHook(), { state: 'FAILED' }),
    },
  ],
  [
    'the Daily webhook lacks events',
    {
      provider: 'daily',
      cause: 'webhook_events',
      mend: /again/,
      arrange: () => put('daily.webhook', dailyHook(), { eventTypes: ['meeting.started'] }),
    },
  ],
  [
    'the Daily webhook stops after three failures',
    {
      provider: 'daily',
      cause: 'webhook_retries',
      mend: /exponential/,
      arrange: () => put('daily.webhook', dailyHook(), { retryType: 'circuit-breaker' }),
    },
  ],
  [
    'the Airtable token is wrong',
    {
      provider: 'airtable',
      cause: 'credentials',
      mend: /AIRTABLE_ACCESS_TOKEN/,
      config: ({ airtable }) => ({ airtable: { ...airtable, accessToken: 'patWrong' } }),
    },
  ],
  [
    'the Airtable base is unknown',
    {
      provider: 'airtable',
      cause: 'rights:token',
      mend: /this base/,
      config: ({ airtable }) => ({ airtable: { ...airtable, baseId: 'appAAAAAAAAAAAAAA' } }),
    },
  ],
  [
    'the Airtable token may not write',
    {
      provider: 'airtable',
      cause: 'rights:right to write',
      mend: /scopes/,
      arrange: refuse('airtable', 'records.update', 403),
    },
  ],
  [
    'the Airtable token may not manage webhooks',
    {
      provider: 'airtable',
      cause: 'rights:webhook',
      mend: /scopes/,
      arrange: refuse('airtable', 'webhooks.list', 403),
    },
  ],
  [
    "Airtable's calls of the month are used up",
    {
      provider: 'airtable',
      cause: 'monthly_limit',
      mend: /larger plan/,
      arrange: refuse('airtable', 'meta.tables.list', 429, 'PUBLIC_API_BILLING_LIMIT_EXCEEDED'),
    },
  ],
  [
    'a webhook of the base has ended',
    {
      provider: 'airtable',
      cause: 'webhook_expired',
      mend: /registers it/,
      arrange: () =>
        put('airtable.webhook', store().list<{ id: string }>('airtable.webhook')[0]!.id, {
          expiresAtMs: Date.now() - 1000,
        }),
    },
  ],
]
