import { expect, test } from 'vitest'
import { ConfigRefused, readConfig } from './config.ts'

const keys = [
  'STRIPE_SECRET_KEY',
  'STRIPE_PUBLISHABLE_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
  'TWILIO_MESSAGING_SERVICE_SID',
  'TWILIO_VERIFY_SERVICE_SID',
  'CALCOM_API_KEY',
  'CALCOM_WEBHOOK_SECRET',
  'AIRTABLE_ACCESS_TOKEN',
  'AIRTABLE_BASE_ID',
]
const others = {
  ...Object.fromEntries(keys.map((key) => [key, 'x'])),
  DATABASE_URL: 'postgres://localhost/p',
  AUTH_SECRET: 'a'.repeat(32),
}
const production = {
  ...others,
  NODE_ENV: 'production',
  CONTACT_EMAIL: 'help@presence.test',
  PUBLIC_URL: 'https://presence.example.com',
  AUTH_SECRET: 'mN3vQ8xL1tR6yB4kJ9wZ2cF7hD5sG0pA',
}

function problemsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment)
    return []
  } catch (error) {
    if (error instanceof ConfigRefused) return error.problems
    throw error
  }
}

test("rooms at Daily need Daily's keys, and rooms of our own need none", () => {
  expect(problemsOf(others)).toEqual(['DAILY_API_KEY is not set.', 'DAILY_WEBHOOK_SECRET is not set.'])
  expect(problemsOf({ ...others, VIDEO: 'builtin' })).toEqual([])
})

test('production refuses a sample as its secret, and addresses at which others can listen', () => {
  const live = { ...production, VIDEO: 'builtin', TURN_URLS: 'turn:turn.example.com', TURN_SECRET: 'north' }
  expect(problemsOf(live)).toEqual([])
  const samples = [
    'a'.repeat(32),
    'at-least-32-characters-kept-secret',
    'changeme-changeme-changeme-changeme',
  ]
  for (const AUTH_SECRET of samples)
    expect(problemsOf({ ...live, AUTH_SECRET })).toEqual([expect.stringContaining('AUTH_SECRET is a sample')])
  for (const name of ['PUBLIC_URL', 'STRIPE_API_URL', 'TWILIO_VERIFY_URL', 'AIRTABLE_API_URL'])
    expect(problemsOf({ ...live, [name]: 'http://sandbox.example.com' })).toEqual([
      `${name} must be an https address in production.`,
    ])
})

test('production refuses limits that hold nobody up, and countries are codes of two letters', () => {
  const live = { ...production, VIDEO: 'builtin', TURN_URLS: 'turn:turn.example.com', TURN_SECRET: 'north' }
  expect(problemsOf({ ...live, LIMIT_FACTOR: '1000' })).toEqual([
    expect.stringContaining('LIMIT_FACTOR above 1'),
  ])
  expect(problemsOf({ ...live, LIMIT_FACTOR: '0.5', SIGN_IN_COUNTRIES: 'au, NZ' })).toEqual([])
  expect(problemsOf({ ...live, SIGN_IN_COUNTRIES: 'Australia' })).toEqual([
    'SIGN_IN_COUNTRIES must hold country codes like AU,NZ.',
  ])
  expect(problemsOf({ ...live, LIMIT_FACTOR: '0' })).toEqual(['LIMIT_FACTOR must be above zero.'])
})

test('production refuses rooms of our own that people behind strict networks could not enter', () => {
  expect(problemsOf({ ...production, VIDEO: 'builtin' })).toEqual([
    expect.stringContaining('TURN_URLS is not set'),
  ])
  expect(problemsOf({ ...production, VIDEO: 'builtin', TURN_URLS: 'stun:turn.example.com' })).toEqual([
    expect.stringContaining('TURN_URLS is not set'),
  ])
  expect(
    problemsOf({
      ...production,
      VIDEO: 'builtin',
      TURN_URLS: 'turn:turn.example.com:3478',
      TURN_SECRET: 'north',
    }),
  ).toEqual([])
})

test('a TURN server without its secret, an address that is none, and a relay that is not there are refused by name', () => {
  expect(problemsOf({ ...others, VIDEO: 'builtin', TURN_URLS: 'turn:turn.example.com' })).toEqual([
    expect.stringContaining('TURN_SECRET is not set'),
  ])
  expect(problemsOf({ ...others, VIDEO: 'builtin', TURN_URLS: 'https://turn.example.com' })).toEqual([
    expect.stringContaining('TURN_URLS holds "https://turn.example.com"'),
  ])
  expect(problemsOf({ ...others, VIDEO: 'builtin', TURN_ONLY: 'on' })).toEqual([
    expect.stringContaining('TURN_ONLY=on needs'),
  ])
})

test('Stripe’s webhook secret may be several while it is being changed, and an empty one is none', () => {
  const secretsOf = (text: string) =>
    readConfig({
      ...production,
      VIDEO: 'daily',
      DAILY_API_KEY: 'd',
      DAILY_WEBHOOK_SECRET: 'd',
      STRIPE_WEBHOOK_SECRET: text,
    }).stripe.webhookSecrets
  expect(secretsOf('whsec_a')).toEqual(['whsec_a'])
  expect(secretsOf('whsec_new, whsec_old')).toEqual(['whsec_new', 'whsec_old'])
  expect(secretsOf('whsec_a,')).toEqual(['whsec_a'])
  expect(() => secretsOf(' , ')).toThrow(ConfigRefused)
})

test('an operator could not sign in with a number that is none, so the start refuses it', () => {
  const numbers = '+61491578888, +610491570006, 0491570006'
  expect(
    problemsOf({
      ...production,
      VIDEO: 'daily',
      DAILY_API_KEY: 'x',
      DAILY_WEBHOOK_SECRET: 'x',
      OPERATOR_MOBILE_NUMBERS: numbers,
    }),
  ).toEqual([
    'OPERATOR_MOBILE_NUMBERS holds "+610491570006", which is not like +61491570006.',
    'OPERATOR_MOBILE_NUMBERS holds "0491570006", which is not like +61491570006.',
  ])
})
