// The stand-ins that make up the sandbox.
import { existsSync } from 'node:fs'
import type { Hono } from 'hono'
import type { Provider, SandboxContext } from './provider.ts'

/** Browser pages of a stand-in, beside its operations. */
export type Pages = (ctx: SandboxContext) => Hono

const names = ['stripe', 'twilio', 'calcom', 'daily', 'airtable'] as const

export async function loadProviders(): Promise<{ providers: Provider[]; pages: Pages[] }> {
  const providers: Provider[] = []
  const pages: Pages[] = []
  for (const name of names) {
    const file = new URL(`../${name}/provider.ts`, import.meta.url)
    if (!existsSync(file)) continue
    const module: Record<string, unknown> = await import(file.href)
    providers.push(module[name] as Provider)
    const page = module[`${name}Pages`]
    if (page) pages.push(page as Pages)
  }
  return { providers, pages }
}
