import { join } from 'node:path'
import { expect, test } from 'vitest'
import { journeyProblems } from './journey.ts'
import { readSources, type Source } from './sources.ts'

const routes: Source[] = [
  {
    path: 'server/journey/hosts/routes.ts',
    text: "route({\n  method: 'get',\n  path: '/api/hosts/{id}',\n})\nroutes.get('/api/hosts/:id/photo', () => c.get('who'))",
  },
  {
    path: 'server/http/app.ts',
    text: "app.route('/functions/v1', webhookRoutes())\napp.route('/', health())",
  },
  {
    path: 'server/http/webhooks.ts',
    text: "function webhookRoutes() {\n  for (const path of ['/sent', '/come'] as const) {\n    app.post(path, f)",
  },
  {
    path: 'server/jobs/tasks.ts',
    text: "export const tasks: Tasks = {\n  'pay-host': (ctx) => payHost(ctx),\n  reconcile: (ctx) => reconcile(ctx),\n}",
  },
]
const journey =
  '| 1 | `GET /api/hosts/{id}`, `/api/hosts/{id}/photo`; `POST /functions/v1/sent`, `/functions/v1/come` |\n' +
  '| `pay-host` | later |\n| `reconcile` | every minute |\n'
const about = (text: string) => journeyProblems([...routes, { path: 'docs/journey.md', text }])

test('a document that names every route and job is accepted', () => {
  expect(about(journey)).toEqual([])
})

test.each([
  ['GET /api/hosts/{id}', '`GET /api/hosts/{id}`, `/api', '`GET /api'],
  ['GET /api/hosts/{id}/photo', ', `/api/hosts/{id}/photo`', ''],
  ['POST /functions/v1/come', ', `/functions/v1/come`', ''],
])('the route %s missing in journey.md is refused', (route, named, without) => {
  expect(about(journey.replace(named, without))).toEqual([
    expect.stringMatching(/^docs\/journey\.md does not name .* Add it to the step it belongs to\.$/),
  ])
  expect(about(journey.replace(named, without))[0]).toContain(`${route} (server/`)
})

test('a route named with another method counts as missing', () => {
  expect(about(journey.replace('GET', 'POST'))).toHaveLength(4)
})

test('a route that journey.md names and nothing answers is refused', () => {
  expect(about(`${journey}\`DELETE /api/moons\``)).toEqual([
    'docs/journey.md names DELETE /api/moons, which no route answers. Correct or remove it.',
  ])
})

test('a job missing in journey.md is refused', () => {
  expect(about(journey.replace('| `reconcile` |', '| the sweep |'))).toEqual([
    'docs/journey.md does not name the job reconcile (server/jobs/tasks.ts). Add its line to "The jobs".',
  ])
})

test('the routes and jobs of this project are found', () => {
  const sources = readSources(join(import.meta.dirname, '..'))
  const problems = journeyProblems(sources.filter(({ path }) => path !== 'docs/journey.md')).join('\n')
  for (const name of ['GET /api/plans', 'POST /functions/v1/twilio-inbound', 'GET /healthz', 'job pay-host'])
    expect(problems).toContain(`does not name ${name.replace(/^job/, 'the job')} (server/`)
})
