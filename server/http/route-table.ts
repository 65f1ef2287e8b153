// Every route of the running application with who may use it, read from the router itself.
import type { Hono } from 'hono'
import { type Access, accessOf, type RequestEnv } from '../journey/request.ts'

export type TableRoute = { method: string; path: string; access: Access }

/** What Hono keeps: one entry for each handler, in order. */
type Entry = { method: string; path: string; handler: object & { length: number } }

/**
 * Every route, and what is wrong with the table. A route's first handler must be its guard. Middleware is
 * for whole folders of addresses: it could answer one address in place of a guarded route.
 */
export function readRouteTable(entries: Entry[]): { routes: TableRoute[]; problems: string[] } {
  const routes: TableRoute[] = []
  const problems: string[] = []
  const seen = new Set<string>()
  for (const { method, path, handler } of entries) {
    const name = `${method} ${path}`
    const access = accessOf(handler)
    if (access) {
      if (seen.has(name)) problems.push(`${name} is declared twice; the second one never answers.`)
      routes.push({ method, path, access })
      seen.add(name)
    } else if (method === 'ALL' && handler.length > 1 && path.endsWith('*')) continue
    else if (!seen.has(name)) problems.push(`${name} does not say who may use it.`)
  }
  return { routes, problems }
}

/** Throws where a route does not say who may use it: such an application does not start. */
export function refuseUnguarded(app: Hono<RequestEnv>): void {
  const { problems } = readRouteTable(app.routes)
  if (problems.length > 0)
    throw new Error(
      `These routes cannot be served. Give each \`access\`, or guard(...) as its first handler:\n  ${problems.join('\n  ')}`,
    )
}
