import { expect, test } from 'vitest'
import { safeNext } from './SignIn.tsx'

const member = {
  member: { id: 'm', fullName: 'Jordan', timeZone: 'UTC', email: null },
  host: null,
  isOperator: false,
  hasStoppedTexts: false,
  mobileNumber: '',
  leavingAt: null,
  hostingOpensAt: null,
}

test('signing in returns to the page that asked for it', () => {
  expect(safeNext('/plans?host=h&plan=Weekly', member)).toBe('/plans?host=h&plan=Weekly')
})

test.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  '/sign-in?next=/',
  null,
])('signing in never leads to another site or in a circle: %s', (next) => {
  expect(safeNext(next, member)).toBe('/')
})

test('hosts and operators without a membership go to their own page', () => {
  expect(safeNext(null, { ...member, member: null, host: { id: 'h', fullName: 'Amelia' } })).toBe('/host')
  expect(safeNext(null, { ...member, member: null, isOperator: true })).toBe('/ops')
})
