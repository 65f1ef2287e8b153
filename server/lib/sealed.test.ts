import { expect, test } from 'vitest'
import { derivedSecret, seal, unseal } from './sealed.ts'

const secret = 'one secret of at least 32 characters'

test('a sealed text opens with its secret and owner alone, and shows nothing of itself', () => {
  const sealed = seal(secret, 'host-1', 'cal_live_abc')
  expect(sealed).not.toContain('abc')
  expect(seal(secret, 'host-1', 'cal_live_abc'), 'never twice the same').not.toBe(sealed)
  expect(unseal(secret, 'host-1', sealed)).toBe('cal_live_abc')
  expect(unseal('another secret of 32 characters!', 'host-1', sealed)).toBeUndefined()
  expect(unseal(secret, 'host-2', sealed)).toBeUndefined()
  expect(unseal(secret, 'host-1', `${sealed.slice(0, -2)}AA`)).toBeUndefined()
  expect(unseal(secret, 'host-1', 'v1.short')).toBeUndefined()
})

test('each owner has a secret of their own', () => {
  expect(derivedSecret(secret, 'a')).not.toBe(derivedSecret(secret, 'b'))
  expect(derivedSecret(secret, 'a')).toBe(derivedSecret(secret, 'a'))
})
