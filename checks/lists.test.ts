import { expect, test } from 'vitest'
import { listProblems } from './lists.ts'

const problems = (text: string) => listProblems([{ path: 'server/journey/x/read-x.ts', text }])

test('a limit without an order is found, in a chain and in SQL', () => {
  expect(problems("  db\n    .selectFrom('a')\n    .limit(5)\n    .execute()")).toHaveLength(1)
  expect(problems("const one = db.selectFrom('a').limit(1)")).toHaveLength(1)
  expect(problems('sql<Row>`select 1 from a limit 200`')).toHaveLength(1)
  expect(
    problems("  db\n    .selectFrom('a')\n    .where((eb) =>\n      eb.orderBy('b'),\n    )\n    .limit(5)"),
  ).toHaveLength(1)
})

test('a limit with an order is fine', () => {
  expect(
    problems(
      "  db\n    .selectFrom('a')\n    .orderBy('b')\n    .where((eb) =>\n      eb.x(),\n    )\n    .limit(5)",
    ),
  ).toEqual([])
  expect(problems("db.selectFrom('a').orderBy('b').limit(1)")).toEqual([])
  expect(problems('sql`select 1 from a order by b limit ${count}`')).toEqual([])
})

test("a provider's list of one page is found, unless its pages are followed or a comment says why", () => {
  expect(problems('await stripe.sdk.refunds.list({ charge, limit: 100 })')).toHaveLength(1)
  expect(problems('call(`/meetings?room=x&limit=100`)')).toHaveLength(1)
  expect(problems('await listAll(() => stripe.sdk.refunds.list({ charge, limit: 100 }))')).toEqual([])
  expect(problems('await listAll(() =>\n  stripe.sdk.refunds.list({ charge }))')).toEqual([])
  expect(problems('// One page is enough: the newest.\nstripe.sdk.refunds.list({ limit: 1 })')).toEqual([])
})
