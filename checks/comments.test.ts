import { expect, test } from 'vitest'
import { commentProblems } from './comments.ts'

const known = {
  path: 'server/lib/time.ts',
  text: "export function addMinutes() {}\nconst globs = ['tests/**', 'gone/**']\n",
}
const about = (text: string, path = 'server/http/app.ts') =>
  commentProblems([known, { path, text }], ['server/lib/time.ts', 'migrations/0001_people.sql', path])

test.each([
  '// See server/lib/time.ts and server/lib/.',
  '/** `time.ts` knows, and lib/time.ts; so does addMinutes(). */',
  '// ./time.ts, migrations/0001_....sql, GET /style.css, https://example.com/server/x.ts',
  "const text = '// See server/gone.ts'",
  'const address = `http://x/gone.ts`',
])('a comment that names what exists is accepted: %s', (text) => {
  expect(about(text)).toEqual([])
})

test.each([
  ['server/lib/gone.ts', '// See server/lib/gone.ts.'],
  ['gone.ts', '/* as in gone.ts */'],
  ['server/gone', 'const x = 1 // server/gone'],
  ['oldName', '/**\n * Like oldName().\n */'],
])('a comment that names %s, which does not exist, is refused', (name, text) => {
  expect(about(text)).toEqual([
    expect.stringMatching(`^server/http/app.ts has a comment that names ${name}, which .* Correct it.$`),
  ])
})

test('comments of styles and migrations are read too', () => {
  expect(about('/* see gone.css */', 'src/ui/app.css')).toHaveLength(1)
  expect(about('-- see gone.sql\nselect 1', 'migrations/0002_money.sql')).toHaveLength(1)
})
