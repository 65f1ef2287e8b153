import { expect, test } from 'vitest'
import { plainDigits } from './plain-digits.ts'

test('the digits of every script that Unicode knows are read', () => {
  const scripts = new Set(Intl.supportedValuesOf('numberingSystem'))
  let read = 0
  for (const numberingSystem of scripts) {
    const format = new Intl.NumberFormat('en', { numberingSystem, useGrouping: false })
    const written = format.format(9_876_543_210)
    if (!/^\p{Nd}+$/u.test(written)) continue
    read++
    expect(plainDigits(written), numberingSystem).toBe('9876543210')
  }
  expect(read).toBeGreaterThan(30)
})

test('what cannot be seen is left out, and everything else stays', () => {
  expect(plainDigits('\u202a12\u200b3\u2060 45\ufe0e6\ufeff\u202c, ok')).toBe('123 456, ok')
})
