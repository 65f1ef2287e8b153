import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkChanged } from './unchanged.ts'

const files = {
  'package-lock.json': '{}',
  'server/a.ts': 'export async function act(): Promise<void> {}\n',
  'server/b.ts': "import { act } from './a.ts'\nexport const go = () => act()\n",
  'server/c.ts': "import { go } from './b.ts'\ngo()\n",
  'server/d.ts': 'export const d = 1\n',
}

function checkOver(complaints: () => string[] = () => []) {
  const folder = mkdtempSync(join(tmpdir(), 'presence-unchanged-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  let looked: string[] = []
  return async (changes: Partial<typeof files> = {}) => {
    looked = []
    const sources = Object.entries({ ...files, ...changes }).map(([path, text]) => ({ path, text }))
    const said = await checkChanged(sources, join(folder, 'cache', 'passed.json'), (paths) => {
      looked = paths
      return Promise.resolve(complaints())
    })
    return { looked: looked.map((path) => path.slice(7, 8)).join(''), said }
  }
}

test('a second run looks at what changed and at all that imports it, over any number of files', async () => {
  const check = checkOver()
  expect(await check()).toMatchObject({ looked: 'abcd' })
  expect(await check()).toMatchObject({ looked: '' })
  expect(await check({ 'server/d.ts': 'export const d = 2\n' })).toMatchObject({ looked: 'd' })
  expect(await check({ 'server/a.ts': 'export function act(): void {}\n' })).toMatchObject({ looked: 'abcd' })
})

test('other packages or settings make every file new', async () => {
  const check = checkOver()
  await check()
  expect(await check({ 'package-lock.json': '{ "packages": {} }' })).toMatchObject({ looked: 'abcd' })
})

test('a file that did not pass is looked at until it does', async () => {
  let complaints = ['server/c.ts:2: a promise is left alone']
  const check = checkOver(() => complaints)
  for (let run = 0; run < 2; run++) expect(await check()).toEqual({ looked: 'abcd', said: complaints })
  complaints = []
  expect(await check()).toMatchObject({ looked: 'abcd' })
  expect(await check()).toMatchObject({ looked: '' })
})
