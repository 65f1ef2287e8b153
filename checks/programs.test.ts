import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { deadCodeProblems, formatProblems, lintProblems, promiseProblems } from './programs.ts'

const root = join(import.meta.dirname, '..')

/** A folder of its own with the project's settings and the given files. */
function planted(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'presence-planted-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const settings of ['.oxlintrc.json', '.oxfmtrc.json'])
    copyFileSync(join(root, settings), join(folder, settings))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

test('an unformatted file is refused with the command that mends it', async () => {
  const folder = planted({
    'server/a.ts': 'export const a = "b";\n',
    'server/b.ts': "export const b = 'b'\n",
  })
  expect(await formatProblems(folder)).toEqual(['server/a.ts is not formatted. Run "npm run format".'])
})

test('two files that import only types of each other are refused as a circle', async () => {
  const folder = planted({
    'server/a.ts': "import type { B } from './b.ts'\n\nexport type A = { b: B }\n",
    'server/b.ts': "import type { A } from './a.ts'\n\nexport type B = { a: A }\n",
  })
  const problems = await lintProblems(folder)
  expect(problems[0]).toMatch(/server\/[ab]\.ts.*cycle/)
  expect(problems[1]).toContain('move what both need into a third')
})

test('a promise that nobody awaits is refused, and in the server also one behind void', async () => {
  const act = 'export async function act() {}\n\n'
  const folder = planted({
    'tsconfig.json': '{ "compilerOptions": { "strict": true, "types": [] } }',
    'server/a.ts': `${act}void act()\n`,
    'src/b.ts': `${act}act()\nvoid act()\n`,
    'src/c.ts': `${act}await act()\n`,
  })
  const [said = ''] = await promiseProblems(folder)
  expect(said.match(/^[^:]+:\d+/gm)?.sort()).toEqual(['server/a.ts:3', 'src/b.ts:3'])
})

test('an export that nothing imports, a dead file and an unlisted package are refused', async () => {
  const folder = planted({
    'package.json': '{ "name": "planted", "version": "1.0.0", "type": "module" }',
    'knip.json': '{ "entry": ["main.ts"], "project": ["*.ts"] }',
    'main.ts': "import 'unlisted-package'\nimport { used } from './a.ts'\n\nused()\n",
    'a.ts': 'export function used() {}\n\nexport function forgotten() {}\n\nexport type Lost = string\n',
    'dead.ts': 'export const dead = 1\n',
  })
  expect(await deadCodeProblems(folder)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^a\.ts:3 forgotten: .*Remove the word "export"/),
      expect.stringMatching(/^a\.ts:5 Lost: .*Remove the word "export"/),
      expect.stringMatching(/^dead\.ts: Nothing imports it/),
      expect.stringMatching(/^main\.ts:1 unlisted-package: package\.json does not list it/),
    ]),
  )
})
