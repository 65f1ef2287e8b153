import { expect, test } from 'vitest'
import { optOutWord } from './opt-out.ts'

test.each([
  [{ Body: ' stop ' }, 'STOP'],
  [{ Body: 'Unsubscribe.' }, 'STOP'],
  [{ Body: 'start' }, 'START'],
  [{ Body: 'Help!' }, 'HELP'],
  [{ Body: 'please stop by at nine' }, undefined],
  [{ Body: '' }, undefined],
  [{}, undefined],
  // The operators of the account may have chosen words of their own.
  [{ Body: 'BASTA', OptOutType: 'STOP' }, 'STOP'],
  [{ Body: 'stop', OptOutType: 'START' }, 'START'],
])('the text %o asks for %s', (text, word) => {
  expect(optOutWord(text)).toBe(word)
})
