import { expect, test } from 'vitest'
import { segmentCount } from './segments.ts'

test.each([
  ['x'.repeat(160), 1],
  ['x'.repeat(161), 2],
  ['x'.repeat(306), 2],
  ['x'.repeat(307), 3],
  ['€'.repeat(80), 1],
  ['€'.repeat(81), 2],
  ['ā'.repeat(70), 1],
  ['ā'.repeat(71), 2],
  ['', 1],
])('a text is counted in the parts the carriers bill (%#)', (body, parts) =>
  expect(segmentCount(body)).toBe(parts),
)
