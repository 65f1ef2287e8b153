import { expect, test } from 'vitest'
import { valuesOf } from './checked-values.ts'

test.each([
  ["CHECK ((plan = ANY (ARRAY['Adhoc'::text, 'Weekly'::text])))", ['Adhoc', 'Weekly']],
  ["CHECK ((lane = 'airtable'::text))", ['airtable']],
  ["CHECK ((word = ANY (ARRAY['it''s'::text, 'a, b'::text])))", ["it's", 'a, b']],
])('the values of %s are read', (definition, values) => {
  expect(valuesOf(definition)).toEqual(values)
})

test.each([
  'CHECK ((amount_cents > 0))',
  "CHECK ((status <> 'paid'::text))",
  "CHECK ((NOT (status = ANY (ARRAY['paid'::text, 'refunded'::text]))))",
  "CHECK (((status = 'paid'::text) OR (paid_at IS NULL)))",
])('%s lists no values', (definition) => {
  expect(valuesOf(definition)).toBeUndefined()
})
