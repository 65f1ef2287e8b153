import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { limits, maxOf } from './limits.ts'

const words: Record<number, string> = { 60: 'minute', 600: '10 minutes', 3_600: 'hour', 86_400: 'day' }

test('docs/security.md shows every limit as it is', () => {
  const text = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8')
  const shown = [...text.matchAll(/^\| (\w+) \| (\w+) \| (\d+) \| ([\w ]+) \|$/gm)].map(([line]) => line)
  expect(shown).toEqual(
    limits.map(({ what, by, max, seconds }) => `| ${what} | ${by} | ${max} | ${words[seconds]} |`),
  )
})

test('a factor never makes a limit of nothing', () => {
  expect(maxOf(5, 0.01)).toBe(1)
  expect(maxOf(5, 1)).toBe(5)
  expect(maxOf(5, 1_000)).toBe(5_000)
})
