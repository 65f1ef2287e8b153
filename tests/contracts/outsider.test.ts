import { expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/core/start.ts'
import { doBusiness } from './outsider.ts'

test('a script that uses only official packages and documentation does a day of business', async () => {
  const sandbox = await startSandbox({
    port: 0,
    dataDir: ':memory:',
    appUrl: 'http://127.0.0.1:9',
    log: () => undefined,
  })
  await fetch(`${sandbox.baseUrl}/_sandbox/limits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"on":false}',
  })
  try {
    expect(await doBusiness(sandbox.baseUrl)).toEqual([
      'keepRecords',
      'sendTexts',
      'takePayments',
      'payPeople',
      'keepCalendar',
      'meet',
    ])
  } finally {
    await sandbox.close()
  }
})
