import { expect, test } from 'vitest'
import { coalesce } from './coalesce.ts'

test('wishes during a question become one more question after it, also where the question fails', async () => {
  const questions: PromiseWithResolvers<void>[] = []
  const wish = coalesce(() => {
    const question = Promise.withResolvers<void>()
    questions.push(question)
    return question.promise
  })
  const tick = () => new Promise((resolve) => setTimeout(resolve))
  wish()
  for (let times = 0; times < 5; times++) wish()
  expect(questions).toHaveLength(1)
  questions[0]!.reject(new Error('away'))
  await tick()
  expect(questions, 'the answer may be from before the last wish').toHaveLength(2)
  questions[1]!.resolve()
  await tick()
  expect(questions).toHaveLength(2)
  wish()
  expect(questions).toHaveLength(3)
})
