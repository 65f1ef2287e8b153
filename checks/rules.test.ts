import { expect, test } from 'vitest'
import { documentProblems } from './documents.ts'
import { lockfileProblems } from './lockfile.ts'
import { namedProblems, sqlClockProblems } from './rules.ts'
import type { Source } from './sources.ts'

const manifest: Source = { path: 'package.json', text: '{"scripts":{"start":"x","journey":"y"}}' }
const config: Source = { path: 'server/config.ts', text: 'DATABASE_URL: needed' }

const aboutDocument = (text: string) =>
  documentProblems(
    [manifest, config, { path: 'README.md', text }],
    ['README.md', 'server/config.ts', 'docs/journey.md', 'migrations/0001_people.sql'],
  )

test('a document that names what exists is fine', () => {
  expect(
    aboutDocument(
      '`server/config.ts`, `server/`, `migrations/0001_....sql`, [more](docs/journey.md), `npm run journey`, npm start, `DATABASE_URL`, npm install',
    ),
  ).toEqual([])
})

test.each([
  ['a path', 'See `server/gone.ts`.'],
  ['a path in a block', '```\nserver/gone.ts\n```'],
  ['a link', 'See [that](docs/gone.md).'],
  ['an npm command', 'Run npm run fly.'],
  ['a short npm command', 'Run npm test.'],
  ['an environment variable', 'Set `GONE_KEY`.'],
])('a document that names %s which does not exist is refused', (_what, text) => {
  expect(aboutDocument(text)).toHaveLength(1)
})

test('what belongs to one machine or one company is not named', () => {
  const problems = (text: string) => namedProblems([{ path: 'a.md', text }], '/srv/checkouts/presence')
  expect(problems('from https://registry.example.org/x')).toHaveLength(1)
  expect(problems('cd /home/ann/presence')).toHaveLength(1)
  expect(problems('cd /srv/checkouts/presence/server')).toHaveLength(1)
  expect(problems('a network of registry offices; /home is where the heart is')).toEqual([])
})

test('a migration that asks the database for the time is refused', () => {
  const problems = (text: string) => sqlClockProblems([{ path: 'migrations/0009_x.sql', text }])
  expect(problems('at timestamptz default now()')).toHaveLength(1)
  expect(problems('at timestamptz default current_timestamp')).toHaveLength(1)
  expect(problems('-- never now()\nat timestamptz not null')).toEqual([])
})

test('a lockfile without the packages of other platforms, or an install script nobody decided about, is refused', () => {
  const problems = (packages: object) =>
    lockfileProblems([
      { path: 'package.json', text: '{"allowScripts":{"decided":true,"refused":false}}' },
      { path: 'package-lock.json', text: JSON.stringify({ packages }) },
    ])
  const tool = { version: '1.0.0', optionalDependencies: { 'tool-linux': '1.0.0', 'tool-darwin': '1.0.0' } }
  expect(problems({ 'node_modules/tool': tool, 'node_modules/tool-linux': {} })).toHaveLength(1)
  expect(
    problems({
      'node_modules/tool': tool,
      'node_modules/tool-linux': {},
      'node_modules/tool/node_modules/tool-darwin': {},
    }),
  ).toEqual([])
  expect(problems({ 'node_modules/surprise': { hasInstallScript: true } })).toHaveLength(1)
  expect(
    problems({
      'node_modules/decided': { hasInstallScript: true },
      'node_modules/a/node_modules/refused': { hasInstallScript: true },
    }),
  ).toEqual([])
})
