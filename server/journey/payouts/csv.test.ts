import { expect, test } from 'vitest'
import { csvLine } from './csv.ts'

test('a cell with a comma, a quote or a line break stays one cell', () => {
  expect(csvLine(['a,b', 'say "hi"', 'two\nlines', null])).toBe('"a,b","say ""hi""","two\nlines",\r\n')
})

test('a name that begins like a formula stays text, and an amount stays a number', () => {
  expect(csvLine(['=HYPERLINK("x")', '+1', '@a', '-12.06'])).toBe(
    '"\'=HYPERLINK(""x"")",\'+1,\'@a,-12.06\r\n',
  )
})
