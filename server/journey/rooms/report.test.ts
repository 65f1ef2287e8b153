import { expect, test } from 'vitest'
import { dangerPhrases } from './danger-phrases.ts'
import { reportSentence, urgencyOf } from './report.ts'

test.each([
  'I was threatened',
  'i WAS thréatened',
  'He thr\u200beatened me',
  'She said she wants to kill herself',
  'he found out where I live',
  'Self-harm was mentioned.',
  'er hat mich bedroht... Drohungen!',
  '他威胁我',
])('"%s" suggests danger', (text) => {
  expect(urgencyOf(text)).toBe(2)
})

test.each(['The picture was bad', 'He was rude to me', 'They were late', 'Skills were fine', ''])(
  '"%s" does not',
  (text) => {
    expect(urgencyOf(text)).toBe(1)
  },
)

test('every phrase finds itself', () => {
  for (const phrase of dangerPhrases) expect(urgencyOf(`Well: ${phrase}!`), phrase).toBe(2)
})

test('an operator reads who said what of whom, and how often', () => {
  const told = {
    reporter: { name: 'Ada', role: 'member' },
    other: { name: 'Ruby', role: 'host' },
    text: 'x'.repeat(500),
  } as const
  expect(reportSentence({ ...told, count: 1, hasEndedSession: true })).toBe(
    `Ada (member) reported Ruby (host) and ended the session: "${'x'.repeat(300)}"`,
  )
  expect(reportSentence({ ...told, count: 3, hasEndedSession: false })).toMatch(
    /^Ada \(member\) wrote 3 reports about Ruby \(host\): "x/,
  )
})
