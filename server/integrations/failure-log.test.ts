import { expect, test, vi } from 'vitest'
import { hearFailures, noteFailure, operationOf } from './failure-log.ts'

test.each([
  ['get', 'https://api.stripe.com/v1/accounts/acct_1Abc2', 'GET /v1/accounts/:id'],
  ['POST', '/v1/payment_method_domains', 'POST /v1/payment_method_domains'],
  [
    'POST',
    'https://api.twilio.com/2010-04-01/Accounts/AC0123/Messages.json?To=%2B61',
    'POST /2010-04-01/Accounts/:id/Messages.json',
  ],
  ['POST', 'https://api.cal.com/v2/bookings/abcdefghijKLMNOPQrstuv/cancel', 'POST /v2/bookings/:id/cancel'],
  ['PATCH', 'https://api.airtable.com/v0/appAbCdEfGhIjKlMn/tblAbCdEfGhIjKlMn', 'PATCH /v0/:id/:id'],
])('the operation of %s %s holds no id', (method, address, operation) => {
  expect(operationOf(method, address)).toBe(operation)
})

test('a failure is logged with provider, operation, status, code and request id, and without its text', () => {
  const said = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const heard: string[] = []
  hearFailures(({ code }) => void heard.push(code ?? ''))
  noteFailure({
    provider: 'twilio',
    operation: 'POST /v2/Services/:id/Verifications',
    status: 400,
    code: '60200',
    requestId: 'RQ1',
    message: 'Invalid parameter To: +61491570006',
  })
  noteFailure({
    provider: 'daily',
    operation: 'GET /v1/rooms/:id',
    status: undefined,
    code: undefined,
    requestId: undefined,
    message: 'socket hang up',
  })
  expect(said.mock.calls.map(([line]) => line as string)).toEqual([
    'twilio refused POST /v2/Services/:id/Verifications: 400 60200 (RQ1)',
    'daily did not answer GET /v1/rooms/:id',
  ])
  expect(heard).toEqual(['60200', ''])
})
