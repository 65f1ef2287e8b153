import { expect, test } from 'vitest'
import { calcomProblems } from './calcom-problems.ts'

const good = { lengthInMinutes: [10], isHidden: true, isForSignedIn: false, offersLink: true, questions: [] }

test.each([
  ['nothing', good, []],
  ['one of several lengths that is ours', { ...good, lengthInMinutes: [30, 10] }, []],
  ['no event type', undefined, [/no event type "10min"/]],
  ['another length', { ...good, lengthInMinutes: [30] }, [/takes 30 minutes. Set it to 10/]],
  ['a question', { ...good, questions: ['Your company'] }, [/asks "Your company"/]],
  ['its public page', { ...good, isHidden: false }, [/without paying. Hide it/]],
  ['no place of ours', { ...good, offersLink: false }, [/Link meeting/]],
  ['people without an account', { ...good, isForSignedIn: true }, [/people with an account/]],
])('a host hears what is wrong: %s', (_what, eventType, said) => {
  const problems = calcomProblems('10min', eventType, 10)
  expect(problems).toHaveLength(said.length)
  for (const [index, words] of said.entries()) expect(problems[index]).toMatch(words)
})
