import { expect, test } from 'vitest'
import { firstName } from './member.ts'
import { readName } from './name.ts'

const read = (typed: string) => {
  const answer = readName(typed)
  return 'name' in answer ? answer.name : undefined
}

test.each([
  ['Mia Wong', 'Mia Wong'],
  ['  Mia\t\nWong ', 'Mia Wong'],
  ['Søren Ångström', 'Søren Ångström'],
  ['Zoe\u0308', 'Zoë'],
  ['\u202eenoB\u202c', 'enoB'],
  ['\u2067Mia\u2069', 'Mia'],
  ['M\u200bi\u2060a\ufeff', 'Mia'],
  ['Mia\u00a0\u3000Wong\u3164', 'Mia Wong'],
  ['Mia\u2800', 'Mia'],
  ['Mi\u0000a', 'Mia'],
  ['Mia\ud800', 'Mia'],
  ['Mia\u200d', 'Mia'],
  ['M\u200dia', 'Mia'],
  ['❤\ufe0f Mia\ufe0f', '❤\ufe0f Mia'],
  ['می\u200cخواهم', 'می\u200cخواهم'],
  ['क्\u200dष', 'क्\u200dष'],
  ['👩\u200d👩\u200d👧 Kim', '👩\u200d👩\u200d👧 Kim'],
  ["O’Connor d'Arcy", "O’Connor d'Arcy"],
  ['李小龍', '李小龍'],
  ['J. R. R. Tolkien', 'J. R. R. Tolkien'],
  ['J.R.R. Tolkien', 'J.R.R. Tolkien'],
  ['Dr. Ana-María de la O', 'Dr. Ana-María de la O'],
  ['Louis XIV.', 'Louis XIV.'],
  ['Sam 2nd', 'Sam 2nd'],
])('%j is kept as the name %j', (typed, name) => {
  expect(read(typed)).toBe(name)
})

test.each([
  '',
  '   ',
  '\u200b',
  '\u3164',
  '\u2800',
  '\u115f\u1160',
  '\u202e\u202c',
  '\u00ad\u034f',
  '\u{e0041}',
  '...',
  '42',
  '\u0301',
])('nothing that can be seen is no name: %j', (typed) => {
  expect(readName(typed)).toEqual({ problem: expect.stringContaining('letters that can be seen') })
})

test.each([
  'bit.ly/x',
  'Mia bit.ly/x',
  'www.evil.example',
  'https://evil.example',
  'evil.com',
  'Claim.prize.click',
  'ｅｖｉｌ．ｃｏｍ',
  'evil。com',
  'evil\u200b.com',
  'evil.c\u2060om',
  'mia@evil.com',
  'пример.рф',
  'Mia 192.168.0.1',
  'myapp://open',
  'Call +61 412 345 678',
  'Call 0412345678',
  'Call ٠٤١٢٣٤٥٦٧٨',
])('what a phone would make a link of is no name: %j', (typed) => {
  expect(readName(typed)).toEqual({ problem: expect.stringContaining('link') })
})

test('a text message never carries a link from a name that was kept before names were checked', () => {
  expect(firstName('bit.ly/x Mia', 'there')).toBe('there')
  expect(firstName('Mia Wong', 'there')).toBe('Mia')
})
