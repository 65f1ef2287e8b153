// A sandbox with the sample stand-in beside a test application, and the calls tests make.
import { onTestFinished } from 'vitest'
import { startSandbox } from '../start.ts'
import type { Sandbox, SandboxOptions } from '../start.ts'
import { startApplication } from './application.ts'
import type { TestApplication } from './application.ts'
import { sample } from './sample-provider.ts'

export type World = {
  sandbox: Sandbox
  application: TestApplication
  logged: string[]
  /** A call of the sample stand-in with its key. */
  call: (method: string, path: string, form?: Record<string, string>) => Promise<Response>
  /** A call of the control API with JSON. */
  control: (method: string, path: string, body?: unknown) => Promise<Response>
}

/** Everything is closed when the test ends; `application` can be shared by two sandboxes over one folder. */
export async function startWorld(
  options: Partial<SandboxOptions> & { application?: TestApplication } = {},
): Promise<World> {
  const application = options.application ?? (await startApplication())
  const logged: string[] = []
  const sandbox = await startSandbox({
    port: 0,
    dataDir: ':memory:',
    appUrl: application.url,
    providers: [sample],
    log: (line) => logged.push(line),
    ...options,
  })
  // Off, because tests call faster than the services allow; the tests of limits switch them on.
  sandbox.ctx.store.put('core.limits', 'limits', { on: false })
  let isOpen = true
  const close = sandbox.close
  sandbox.close = async () => {
    if (isOpen) await close()
    isOpen = false
  }
  onTestFinished(async () => {
    await sandbox.close()
    if (!options.application) await application.close()
  })
  const base = `http://127.0.0.1:${sandbox.port}`
  return {
    sandbox,
    application,
    logged,
    call: (method, path, form) =>
      fetch(`${base}${path}`, {
        method,
        headers: { authorization: `Bearer ${sandbox.ctx.keys['STRIPE_SECRET_KEY']}` },
        ...(form ? { body: new URLSearchParams(form) } : {}),
      }),
    control: (method, path, body) =>
      fetch(`${base}/_sandbox${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) }),
  }
}
