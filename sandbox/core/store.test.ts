import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openStore } from './store.ts'

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'sandbox-store-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

test('documents, their order and counters survive a restart', () => {
  const file = join(folder(), 'sandbox.sqlite')
  const before = openStore(file)
  before.put('stripe.charge', 'b', { amount: 2 })
  before.put('stripe.charge', 'a', { amount: 1 })
  before.put('stripe.charge', 'b', { amount: 3 })
  before.next('charge')
  before.close()
  const after = openStore(file)
  expect(after.list('stripe.charge')).toEqual([{ amount: 3 }, { amount: 1 }])
  expect(after.get('stripe.charge', 'a')).toEqual({ amount: 1 })
  expect(after.next('charge')).toBe(2)
  expect(after.kinds('stripe.')).toEqual(['stripe.charge'])
  after.close()
})

test('documents are found by a text in them, in order, with their present values', () => {
  const store = openStore(':memory:')
  const row = (name: unknown) => ({ fields: { 'Its Name': name } })
  for (const [id, name] of [
    ['a', "O'Neil"],
    ['b', 'Mia'],
    ['c', "O'Neil"],
    ['d', 7],
  ] as const)
    store.put('row', id, row(name))
  store.put('other', 'a', row("O'Neil"))
  const found = (name: string) => store.find('row', '$.fields."Its Name"', name)
  expect(found("O'Neil")).toEqual([row("O'Neil"), row("O'Neil")])
  expect(found('Nobody')).toEqual([])
  store.put('row', 'a', row('Mia'))
  store.delete('row', 'b')
  expect([found('Mia'), found("O'Neil")]).toEqual([[row('Mia')], [row("O'Neil")]])
})

test('a transaction that throws leaves nothing behind, counters included', () => {
  const store = openStore(':memory:')
  const act = () =>
    store.transaction(() => {
      store.put('stripe.charge', 'a', {})
      store.next('charge')
      throw new Error('no')
    })
  expect(act).toThrow('no')
  expect(store.list('stripe.charge')).toEqual([])
  expect(store.next('charge')).toBe(1)
  store.close()
})

test('a nested transaction ends with its outer one', () => {
  const store = openStore(':memory:')
  const act = () =>
    store.transaction(() => {
      store.transaction(() => store.put('stripe.charge', 'a', {}))
      throw new Error('no')
    })
  expect(act).toThrow('no')
  expect(store.list('stripe.charge')).toEqual([])
  store.close()
})
