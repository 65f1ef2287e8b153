import { expect, test } from 'vitest'
import { sizeProblems, sizesInWords } from './sizes.ts'

/** Files of the given numbers of lines. */
const files = (lengths: number[], folder = 'server/lib') =>
  lengths.map((length, index) => ({ path: `${folder}/f${index}.ts`, text: 'x\n'.repeat(length) }))

test('a file of more than 400 lines is refused, unless a machine wrote it', () => {
  const long = 'x\n'.repeat(401)
  const small = files(Array.from({ length: 40 }, () => 50))
  expect(
    sizeProblems([
      ...small,
      { path: 'server/a.ts', text: long },
      { path: 'server/a.generated.ts', text: long },
      { path: 'server/b.ts', text: 'x\n'.repeat(400) },
    ]),
  ).toEqual(['server/a.ts has 401 lines, and none may have over 400. Split it along what changes together.'])
})

test('a median of 86 lines is refused, and one of 85 accepted', () => {
  expect(sizeProblems(files([10, 85, 120]))).toEqual([])
  expect(sizeProblems(files([10, 86, 120]))).toEqual([
    'The median source file has 86 lines; the limit is 85. Split some.',
  ])
})

test('a ninth decile of 181 lines is refused, and one of 180 accepted', () => {
  const nine = Array.from({ length: 8 }, () => 20)
  expect(sizeProblems(files([...nine, 180, 390]))).toEqual([])
  expect(sizeProblems(files([...nine, 181, 390]))).toEqual([
    'Nine source files in ten have up to 181 lines; the limit is 180. Split the longest.',
  ])
})

test('lengths of test files do not count', () => {
  expect(sizeProblems([...files([10]), ...files([300, 300, 300], 'tests/faults')])).toEqual([])
})

test('one line in 200 over 110 characters is refused, tests included', () => {
  const wide = { path: 'tests/wide.ts', text: `${'x'.repeat(111)}\n${'x'.repeat(110)}\n` }
  expect(sizeProblems([...files([80, 80, 80]), wide])).toEqual([])
  expect(sizeProblems([...files([80, 80, 38]), wide])).toEqual([
    '0.50 % of the lines are over 110 characters long; the limit is 0.5 %. Break some.',
  ])
})

test('the sizes are told in one line', () => {
  expect(sizesInWords(files([10, 20, 30]))).toBe(
    'median 20 lines, nine in ten up to 30, 0.00 % of lines over 110',
  )
})
