// docs/journey.md names every route and every job, and no route that does not exist.
import type { Source } from './sources.ts'

const document = 'docs/journey.md'
const jobFile = 'server/jobs/tasks.ts'
/** The sign-in library brings these itself; no file of ours lists them. */
const signInRoutes = / \/api\/auth\//

export function journeyProblems(sources: Source[]): string[] {
  const text = sources.find(({ path }) => path === document)?.text ?? ''
  const named = namedRoutes(text)
  const routes = routesOf(sources)
  const existing = new Set(routes.map(({ route }) => route))
  const jobs = jobsOf(sources.find(({ path }) => path === jobFile)?.text ?? '')
  return [
    ...routes
      .filter(({ route }) => !named.has(route))
      .map(
        ({ route, path }) =>
          `${document} does not name ${route} (${path}). Add it to the step it belongs to.`,
      ),
    ...[...named]
      .filter((route) => !existing.has(route) && !signInRoutes.test(route))
      .map((route) => `${document} names ${route}, which no route answers. Correct or remove it.`),
    ...jobs
      .filter((job) => !text.includes(`\n| \`${job}\` |`))
      .map((job) => `${document} does not name the job ${job} (${jobFile}). Add its line to "The jobs".`),
  ]
}

type Route = { route: string; path: string }

/** Every route of the steps and of server/http, like 'GET /api/hosts/{id}', with the file it is in. */
function routesOf(sources: Source[]): Route[] {
  const files = sources.filter(({ path }) => /^server\/(journey\/.*routes|http\/[^/]+)\.ts$/.test(path))
  const mounts = files.flatMap(({ text }) => [...text.matchAll(/\.route\('(\/\w[^']*)',\s*(\w+)/g)])
  return files.flatMap(({ path, text }) => {
    const prefix = mounts.find(([, , routes]) => text.includes(`function ${routes}(`))?.[1] ?? ''
    return [...described(text), ...plain(text), ...looped(text)].map(([method, address]) => ({
      route: `${method!.toUpperCase()} ${prefix}${address!.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`,
      path,
    }))
  })
}

type Found = (string | undefined)[]

/** route({ method: 'get', path: '/api/hosts' }) */
const described = (text: string): Found[] =>
  [...text.matchAll(/method: '(\w+)',\s*path: '([^']+)'/g)].map(([, method, address]) => [method, address])

/** app.get('/healthz', ...) */
const plain = (text: string): Found[] =>
  [...text.matchAll(/\.(get|post|put|patch|delete)\(\s*'(\/[^']*)'/g)].map(([, method, address]) => [
    method,
    address,
  ])

/** for (const path of ['/a', '/b']) app.post(path, ...) */
const looped = (text: string): Found[] =>
  [
    ...text.matchAll(/for \(const path of \[([^\]]+)\][^{]*\{\s*\w+\.(get|post|put|patch|delete)\(path,/g),
  ].flatMap(([, list, method]) =>
    [...list!.matchAll(/'([^']+)'/g)].map(([, address]): Found => [method, address]),
  )

/**
 * The routes that a document names in code spans. A method counts for every address after it, up to the next
 * semicolon or cell: `GET /api/hosts`, `/api/hosts/{id}`; and `POST`, `DELETE /api/hosts/{id}/like`.
 */
function namedRoutes(text: string): Set<string> {
  const cells = text.split(/[\n|;]/)
  return new Set(
    cells.flatMap((cell) => {
      let methods: string[] = []
      let isListing = false
      return [...cell.matchAll(/`(GET|POST|PUT|PATCH|DELETE)?\s*(\/[^`]*)?`/g)].flatMap(
        ([, method, address]) => {
          if (method) methods = isListing ? [...methods, method] : [method]
          isListing = address === undefined
          return address ? methods.map((each) => `${each} ${address}`) : []
        },
      )
    }),
  )
}

/** The names in `tasks`: each is a key on a line of its own. */
function jobsOf(text: string): string[] {
  const map = /^export const tasks\b[^{]*\{\n([\s\S]*?)^\}/m.exec(text)?.[1] ?? ''
  return [...map.matchAll(/^ {2}'?([a-z][a-z-]*)'?:/gm)].map(([, job]) => job!)
}
