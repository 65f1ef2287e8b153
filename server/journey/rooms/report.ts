// What somebody reports, as rules: how urgent it is, and how many reports are taken.
import { dangerPhrases } from './danger-phrases.ts'

/** As an operator's task has it: 0 is anything else that waits, and 2 suggests danger. */
export const urgencies = { ordinary: 1, danger: 2 } as const
export type Urgency = (typeof urgencies)[keyof typeof urgencies]

/** So many of one person's reports are taken in an hour. Danger has an allowance of its own. */
export const reportsPerHour: Record<Urgency, number> = { 1: 5, 2: 20 }

/** By the phrases in danger-phrases.ts, whatever the case, accents, invisible characters and punctuation. */
export function urgencyOf(text: string): Urgency {
  const plain = plainWords(text)
  return dangerPhrases.some((phrase) => isIn(plain, plainWords(phrase)))
    ? urgencies.danger
    : urgencies.ordinary
}

function isIn(plain: string, phrase: string): boolean {
  // Scripts without spaces between words.
  return /\p{Script=Han}/u.test(phrase) ? plain.includes(phrase) : ` ${plain}`.includes(` ${phrase}`)
}

function plainWords(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\p{Mn}\p{Cf}]/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** What an operator reads first: who said what of whom, how often, and the most urgent words. */
export function reportSentence(told: {
  reporter: { name: string; role: 'host' | 'member' }
  other: { name: string; role: 'host' | 'member' }
  count: number
  text: string
  hasEndedSession: boolean
}): string {
  const { reporter, other, count } = told
  const often = count === 1 ? 'reported' : `wrote ${count} reports about`
  const ended = told.hasEndedSession ? ' and ended the session' : ''
  const words = told.text.slice(0, 300)
  return `${reporter.name} (${reporter.role}) ${often} ${other.name} (${other.role})${ended}: "${words}"`
}
