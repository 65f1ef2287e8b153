import { expect, test } from 'vitest'
import { isAbn } from './abn.ts'

test('an ABN is recognized by its check digits, with or without spaces', () => {
  expect(isAbn('51 824 753 556')).toBe(true)
  expect(isAbn('51824753557')).toBe(false)
  expect(isAbn('5182475355')).toBe(false)
})
