import { expect, test } from 'vitest'
import { decisionProblems } from './decisions.ts'

const record = (name: string, title: string, status: string) => ({
  path: `docs/decisions/${name}.md`,
  text: `# ${name.slice(0, 4)} ${title}\n\n**Status:** ${status}\n\n**Enforced by:** a test.\n`,
})
const early = record('0001-paper', 'We use paper', 'Superseded by [0002](0002-ink.md)')
const late = record('0002-ink', 'We use ink', 'Accepted. Supersedes [0001](0001-paper.md).')
const lines = '- [0001](0001-paper.md) We use paper (superseded by 0002)\n- [0002](0002-ink.md) We use ink\n'
const about = (records: object[], index: string) =>
  decisionProblems([...(records as (typeof early)[]), { path: 'docs/decisions/README.md', text: index }])

test('a complete index is accepted', () => {
  expect(about([early, late], lines)).toEqual([])
})

test('a decision missing in the index is refused with the line to add', () => {
  expect(about([early, late], lines.split('\n')[0]!)).toEqual([
    'docs/decisions/README.md does not list docs/decisions/0002-ink.md with its title. ' +
      'Add the line "- [0002](0002-ink.md) We use ink".',
  ])
})

test('another title in the index is refused', () => {
  expect(about([early, late], lines.replace('We use ink', 'We use pens'))[0]).toContain('with its title')
})

test('an index that does not say which record supersedes one is refused', () => {
  expect(about([early, late], lines.replace(' (superseded by 0002)', ''))).toEqual([
    'docs/decisions/README.md does not say that 0001 is superseded by 0002. Add it to the line.',
  ])
})

test('a record that supersedes another must be named by it', () => {
  const silent = record('0001-paper', 'We use paper', 'Accepted')
  expect(about([silent, late], lines)).toEqual([
    expect.stringContaining('supersedes 0001, whose status does not say so. Add "superseded by 0002".'),
  ])
  expect(about([early], lines)).toEqual([expect.stringContaining('0002, which does not exist')])
})

test('a record in another shape is refused', () => {
  const odd = { path: 'docs/decisions/0001-paper.md', text: '# 1. We use paper\n\nState: accepted.\n' }
  expect(about([odd], '- [0001](0001-paper.md) We use paper\n')).toEqual([
    expect.stringContaining('does not begin with "# 0001 What was decided"'),
    expect.stringContaining('has no line "**Status:** Accepted"'),
    expect.stringContaining('has no line "**Enforced by:** ..."'),
  ])
})
