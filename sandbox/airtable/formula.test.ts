import { describe, expect, test } from 'vitest'
import { minuteMs } from '../core/durations.ts'
import { openStore } from '../core/store.ts'
import { formulaFilter } from './formula.ts'
import { Refusal } from './refusal.ts'
import type { Row } from './rows.ts'
import { findTable } from './schema.ts'

const nowMs = Date.parse('2026-03-01T12:00:00Z')

const row: Row = {
  id: 'recAAAAAAAAAAAAAA',
  createdTime: '2026-02-01T00:00:00.000Z',
  modifiedAtMs: nowMs - minuteMs,
  fields: {
    'Full Name': 'Mia "The Ear" O\'Neil',
    Status: 'Active',
    'Personality Tags': ['Calm', 'Funny'],
    'Rebook Rate (%)': 0.25,
    Email: 'Mia@Example.com',
  },
}

function passes(formula: string): boolean {
  const store = openStore(':memory:')
  try {
    return formulaFilter(store, findTable('Hosts')!, formula, nowMs)(row)
  } finally {
    store.close()
  }
}

describe('a formula', () => {
  test.each([
    ["{Status} = 'Active'"],
    ['Status = "Active"'],
    ["{Status} != 'Inactive'"],
    ["RECORD_ID() = 'recAAAAAAAAAAAAAA'"],
    ["AND({Status} = 'Active', NOT({Email} = BLANK()))"],
    ['OR(FALSE(), {Rebook Rate (%)} > 0.2)'],
    ["{Cal Link} = ''"],
    ['NOT({Cal Link})'],
    ["LOWER({Email}) = LOWER('MIA@example.COM')"],
    ["{Full Name} = 'Mia \"The Ear\" O\\'Neil'"],
    ['{Full Name} = "Mia \\"The Ear\\" O\'Neil"'],
    ["FIND('Funny', {Personality Tags})"],
    ["SEARCH('calm', ARRAYJOIN({Personality Tags}, ',')) = 1"],
    ["IS_AFTER(LAST_MODIFIED_TIME(), '2026-03-01T11:00:00Z')"],
    ['IS_BEFORE(CREATED_TIME(), NOW())'],
    ['IF({Status}, 1, 0)'],
    ['1 + 2 * 3 = 7'],
    ['"a" & {Status} = "aActive"'],
    ["LEN(TRIM('  ab ')) = 2"],
    ['-{Rebook Rate (%)} < 0'],
  ])('%s passes', (formula) => expect(passes(formula)).toBe(true))

  test.each([
    ["{Status} = 'active'"],
    ["AND({Status} = 'Active', {Email} = '')"],
    ["{Rebook Rate (%)} = '0.25'"],
    ["FIND('Sad', {Personality Tags})"],
    ["RECORD_ID() = 'recBBBBBBBBBBBBBB'"],
    ['{Cal Link} < 5'],
  ])('%s does not', (formula) => expect(passes(formula)).toBe(false))

  test.each([
    ['{Shoe Size} = 1'],
    ["{Status} = 'Active"],
    ['FROBNICATE(1)'],
    ["AND({Status} = 'Active'"],
    ['{Status} ='],
    ["{Status} 'Active'"],
    ['OR(TRUE(), {Shoe Size})'],
  ])('%s is refused', (formula) => {
    expect(() => passes(formula)).toThrow(Refusal)
    expect(() => passes(formula)).toThrow(/^The formula for filtering records is invalid/)
  })

  test('a quote in a value cannot end its text', () => {
    const value = "') , 1 = 1 , ('"
    expect(passes(`OR({Full Name} = '${value.replaceAll("'", "\\'")}', FALSE())`)).toBe(false)
  })
})
