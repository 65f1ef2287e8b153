// Airtable's stand-in beside a test application, called plainly and through the official client.
import Airtable from 'airtable'
import { onTestFinished } from 'vitest'
import { startSandbox } from '../../core/start.ts'
import { startApplication } from '../../core/testing/application.ts'
import { testLog } from '../../core/testing/log.ts'
import { airtable, airtablePages } from '../provider.ts'

type AnsweredRecord = { id: string; createdTime: string; fields: Record<string, unknown> }

/** Everything an answer may have; a test looks at what its operation answers. */
type Answer = AnsweredRecord & {
  error: { type: string; message: string }
  records: AnsweredRecord[]
  offset?: string
  createdRecords: string[]
  updatedRecords: string[]
  tables: {
    id: string
    name: string
    primaryFieldId: string
    fields: { id: string; name: string; type: string; options?: object }[]
  }[]
  macSecretBase64: string
  expirationTime: string
  webhooks: { id: string; cursorForNextPayload: number; isHookEnabled: boolean; expirationTime: string }[]
  cursor: number
  mightHaveMore: boolean
  payloads: {
    actionMetadata: { source: string }
    changedTablesById: Record<string, Record<string, Record<string, object>>>
  }[]
}

export async function startBase() {
  const application = await startApplication()
  const sandbox = await startSandbox({
    port: 0,
    dataDir: ':memory:',
    appUrl: application.url,
    providers: [airtable],
    pages: [airtablePages],
    log: testLog,
  })
  // Off, because tests call faster than the services allow; the tests of limits switch them on.
  sandbox.ctx.store.put('core.limits', 'limits', { on: false })
  onTestFinished(async () => {
    await sandbox.close()
    await application.close()
  })
  const { AIRTABLE_ACCESS_TOKEN: token, AIRTABLE_BASE_ID: baseId } = sandbox.ctx.keys as Record<
    string,
    string
  >
  const url = `http://127.0.0.1:${sandbox.port}`
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as Answer }
  }
  return {
    sandbox,
    application,
    url,
    baseId: baseId!,
    /** A call with the token; `table` answers the path of a table. */
    call,
    table: (name: string) => `/v0/${baseId}/${encodeURIComponent(name)}`,
    official: new Airtable({ apiKey: token!, endpointUrl: url, noRetryIfRateLimited: true }).base(baseId!),
  }
}
