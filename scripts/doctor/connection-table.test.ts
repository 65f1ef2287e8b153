import { expect, test } from 'vitest'
import { linesOf } from '../../server/journey/connections/connection.ts'
import { connectionTable } from './connection-table.ts'

test('a line that fails says what to do, and the last line how many fail', () => {
  const { ok, failing } = linesOf('stripe')
  const table = connectionTable([
    ok('key', 'acct_1 in AU, test mode'),
    failing('webhook', 'webhook_missing', 'There is none', 'Start Presence.'),
  ])
  expect(table.split('\n').map((line) => line.trimEnd())).toEqual([
    '  ok    stripe    key      acct_1 in AU, test mode',
    '  FAIL  stripe    webhook  There is none',
    '                         -> Start Presence.',
    '',
    '  1 line needs mending.',
  ])
})
