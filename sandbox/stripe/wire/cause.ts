import type { SandboxContext } from '../../core/provider.ts'

/** What caused a change: an API request, or none (a timer, a page of the sandbox). Events name it. */
export type Cause = {
  ctx: SandboxContext
  request: { id: string | null; idempotency_key: string | null }
}

export const byItself = (ctx: SandboxContext): Cause => ({
  ctx,
  request: { id: null, idempotency_key: null },
})
