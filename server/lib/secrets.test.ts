import { expect, test } from 'vitest'
import { withoutSecrets } from './secrets.ts'

test.each([
  ['Invalid API Key provided: sk_test_51abcDEF', 'Invalid API Key provided: [secret]'],
  ['rk_live_51abc lacks rak_charge_read', '[secret] lacks rak_charge_read'],
  ['the secret whsec_abc123 does not fit', 'the secret [secret] does not fit'],
  ['authorization: Basic QUMxMjM6c2VjcmV0', 'authorization: [secret]'],
  ['Authorization: Bearer cal_live_0123456789abcdef', 'Authorization: Bearer [secret]'],
  ['token patAbCdEfGhIjKlMn.0123abcd was revoked', 'token [secret] was revoked'],
  ['user AC0123456789abcdef0123456789abcdef', 'user [secret]'],
  ['token eyJhbGciOi.eyJyb29t.c2lnbmF0dXJl', 'token [secret]'],
])('%s is written without its credential', (given, written) => {
  expect(withoutSecrets(given)).toBe(written)
})

test('an ordinary sentence with an id stays as it is', () => {
  const sentence = "No such customer: 'cus_Qx1' for 0199a3c4-1b2d-7e3f-8a9b-0c1d2e3f4a5b (req_abc)"
  expect(withoutSecrets(sentence)).toBe(sentence)
})
