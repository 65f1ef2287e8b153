import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { regexProblems } from './regexes.ts'

const folder = mkdtempSync(join(tmpdir(), 'regexes-'))
afterAll(() => rmSync(folder, { recursive: true }))

const problemsOf = (text: string) =>
  regexProblems([{ path: 'server/lib/x.ts', text }], join(folder, 'cache.json'))

test.each([
  ['the cubic one that templates had', String.raw`const x = /\{{2,}\s*([^{}]*?)\s*\}{2,}/g`],
  ['an exponential one', 'const x = /^(a+)+$/'],
  ['an address with two parts that overlap', String.raw`const x = /^\S+@\S+$/`],
])('%s is found', async (_what, text) => {
  expect(await problemsOf(text)).toEqual([expect.stringContaining('takes more than linear time')])
})

test('linear ones pass, also beside divisions, comments and texts', async () => {
  expect(
    await problemsOf(`const x = 4 / 2 / 1 // /(a+)+$/\nconst y = '/(a+)+$/'; y.match(/^[a-z]+$/)`),
  ).toEqual([])
})

test('only the server counts: a page holds up nobody else', async () => {
  const text = 'const x = /^(a+)+$/'
  expect(await regexProblems([{ path: 'src/x.ts', text }], join(folder, 'cache.json'))).toEqual([])
})
