// GET /v1/: the domain, its defaults for rooms, and what its plan allows.
import type { Operation } from '../core/provider.ts'
import { ok } from './answers.ts'

type Domain = { id: string; name: string; config?: Record<string, unknown> }

export const domainOperations: Operation[] = ['/v1', '/v1/'].map((path) => ({
  name: 'domain.get',
  method: 'GET' as const,
  path,
  handle: (_request, ctx) => {
    const domain = ctx.store.get<Domain>('daily.domain', 'domain')
    return ok({
      domain_name: domain?.name,
      config: { hide_daily_branding: false, enable_recording: null, lang: 'en', ...domain?.config },
    })
  },
}))
