import { Hono } from 'hono'
import type { SandboxContext } from '../core/provider.ts'

export function consoleRoutes(ctx: SandboxContext): Hono {
  const app = new Hono()
  app.get('/', (c) => c.html(`<!doctype html><title>Sandbox</title><p>Application: ${ctx.appUrl}`))
  return app
}
