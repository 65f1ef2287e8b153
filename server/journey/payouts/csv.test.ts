import { expect, test } from 'vitest'
import { csvFile, csvLine } from './csv.ts'

test('a cell with a comma, a quote or a line break stays one cell', () => {
  expect(csvLine(['a,b', 'say "hi"', 'two\nlines', null])).toBe('"a,b","say ""hi""","two\nlines",\r\n')
})

test('a name that begins like a formula stays text, and an amount stays a number', () => {
  expect(csvLine(['=HYPERLINK("x")', '+1', '@a', '-12.06'])).toBe(
    '"\'=HYPERLINK(""x"")",\'+1,\'@a,-12.06\r\n',
  )
})

test.each([
  '=1+1',
  '＝1+1',
  '＋1+1',
  '－1+1',
  '＠SUM(A1)',
  '−1+1',
  ' =1+1',
  '\u00a0=1+1',
  '\u200b=1+1',
  '\ufeff=1+1',
  '\u202e=1+1',
  '\t=1+1',
  '\n=1+1',
  '%0',
  "|cmd|'/c calc'!A1",
])('the formula %j is shown as text', (text) => {
  const cell = csvLine([text]).trimEnd()
  expect(cell.replace(/^"/, '')).toMatch(/^'/)
})

test('a semicolon or a tab, which some spreadsheets divide by, stays inside its cell', () => {
  expect(csvLine(['a;=1+1', 'a\t=1+1'])).toBe('"a;=1+1","a\t=1+1"\r\n')
})

test('a file begins with one byte order mark, so that Excel shows its accents', () => {
  expect(csvFile([['Member'], ['Søren']])).toBe('\ufeffMember\r\nSøren\r\n')
})
