// An unexpected console.error fails the test in which it happens. A test that expects one replaces
// console.error itself.
import { afterEach, beforeEach } from 'vitest'

const real = console.error
let said: string[] = []

function record(...words: unknown[]): void {
  said.push(
    words.map((word) => (word instanceof Error ? (word.stack ?? word.message) : String(word))).join(' '),
  )
  real(...words)
}

beforeEach(() => {
  said = []
  console.error = record
})

afterEach(() => {
  console.error = real
  if (said.length > 0) throw new Error(`Unexpected console.error:\n${said.join('\n')}`)
})
