import { expect, test } from 'vitest'
import { isSameText, plainText } from './plain-text.ts'

test.each([
  ['a decomposed name', 'Zoe\u0308 and Jose\u0301', 'Zoë and José'],
  ['a typographic quote', '\u201cHi\u201d, said O\u2019Connor', '"Hi", said O\'Connor'],
  ['dashes, dots and blanks', 'Mon\u00a09:00\u202fam \u2013 soon\u2026', 'Mon 9:00 am - soon...'],
  ['emoji and other scripts', '👋🏽 東京', '👋🏽 東京'],
])('%s costs no extra segment', (_what, given, sent) => {
  expect(plainText(given)).toBe(sent)
})

test('a text is the same where accents, quotes and blanks were replaced, and no other is', () => {
  expect(isSameText('Hi Zoe, it\u2019s 9:00', "Hi Zoë,  it's 9:00 ")).toBe(true)
  expect(isSameText('Hi Zoe, it is 10:00', "Hi Zoë, it's 9:00")).toBe(false)
})
