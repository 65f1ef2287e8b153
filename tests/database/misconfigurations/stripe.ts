// PUBLIC_URL and Stripe.
import { type Case, domain, endpoint, fault, paidInSilence, put, refuse } from './arrange.ts'

export const stripeMisconfigurations: [wrong: string, one: Case][] = [
  [
    'PUBLIC_URL is this machine',
    {
      provider: 'presence',
      cause: 'public_url',
      mend: /tunnel/,
      config: ({ stripe }) => ({
        publicUrl: 'http://localhost:3000',
        stripe: { ...stripe, apiUrl: 'https://api.stripe.com' },
      }),
    },
  ],
  [
    'PUBLIC_URL is in a private network',
    {
      provider: 'presence',
      cause: 'public_url',
      mend: /public https/,
      config: ({ stripe }) => ({
        publicUrl: 'https://192.168.1.4',
        stripe: { ...stripe, apiUrl: 'https://api.stripe.com' },
      }),
    },
  ],
  [
    'PUBLIC_URL has a path',
    {
      provider: 'presence',
      cause: 'public_url_path',
      mend: /scheme and host/,
      config: () => ({ publicUrl: 'https://example.com/presence' }),
    },
  ],
  [
    'the Stripe key is wrong',
    {
      provider: 'stripe',
      cause: 'credentials',
      mend: /STRIPE_SECRET_KEY/,
      config: ({ stripe }) => ({ stripe: { ...stripe, secretKey: 'sk_test_wrong' } }),
    },
  ],
  [
    'the Stripe keys are of two modes',
    {
      provider: 'stripe',
      cause: 'keys_of_two_modes',
      mend: /same mode/,
      config: ({ stripe }) => ({ stripe: { ...stripe, publishableKey: 'pk_live_1' } }),
    },
  ],
  [
    'the publishable key is a secret one',
    {
      provider: 'stripe',
      cause: 'publishable_key',
      mend: /pk_/,
      config: ({ stripe }) => ({ stripe: { ...stripe, publishableKey: stripe.secretKey } }),
    },
  ],
  [
    'the Stripe account is not activated',
    {
      provider: 'stripe',
      cause: 'not_activated',
      mend: /activation/,
      arrange: () => put('stripe.platform', 'platform', { isActivated: false }),
    },
  ],
  [
    'a restricted key lacks a right',
    {
      provider: 'stripe',
      cause: 'rights:right: Refunds',
      mend: /permission/,
      arrange: refuse('stripe', 'refunds.list', 403),
    },
  ],
  [
    'Connect is not switched on',
    {
      provider: 'stripe',
      cause: 'connect',
      mend: /Open Connect/,
      arrange: fault({
        provider: 'stripe',
        operation: 'accounts.list',
        kind: 'error_before',
        status: 400,
        code: 'invalid',
        sentence: "You can only do this if you've signed up for Connect.",
      }),
    },
  ],
  [
    'the Stripe webhook is missing',
    {
      provider: 'stripe',
      cause: 'webhook_missing',
      mend: /STRIPE_WEBHOOK_SECRET/,
      arrange: () => put('stripe.webhook_endpoint', endpoint(false), undefined),
    },
  ],
  [
    'the webhook of accounts is missing',
    {
      provider: 'stripe',
      cause: 'webhook_of_accounts_missing',
      mend: /STRIPE_WEBHOOK_SECRET/,
      arrange: () => put('stripe.webhook_endpoint', endpoint(true), undefined),
    },
  ],
  [
    'the Stripe webhook is switched off',
    {
      provider: 'stripe',
      cause: 'webhook_disabled',
      mend: /Switch it on/,
      arrange: () => put('stripe.webhook_endpoint', endpoint(false), { status: 'disabled' }),
    },
  ],
  [
    'the Stripe webhook lacks an event',
    {
      provider: 'stripe',
      cause: 'webhook_events',
      mend: /adds them/,
      arrange: () => put('stripe.webhook_endpoint', endpoint(false), { enabled_events: ['charge.updated'] }),
    },
  ],
  [
    'the Stripe webhook speaks another version',
    {
      provider: 'stripe',
      cause: 'webhook_version',
      mend: /new secret/,
      arrange: () => put('stripe.webhook_endpoint', endpoint(false), { api_version: '2020-08-27' }),
    },
  ],
  [
    'the domain is not registered for wallets',
    {
      provider: 'stripe',
      cause: 'domain_missing',
      mend: /Payment method domains/,
      arrange: () => put('stripe.payment_method_domain', domain(), undefined),
    },
  ],
  [
    'the domain is switched off for wallets',
    {
      provider: 'stripe',
      cause: 'domain_disabled',
      mend: /Switch it on/,
      arrange: () => put('stripe.payment_method_domain', domain(), { enabled: false }),
    },
  ],
  [
    'the Stripe webhook secret was rolled',
    { provider: 'stripe', cause: 'silent', mend: /STRIPE_WEBHOOK_SECRET/, arrange: paidInSilence },
  ],
]
