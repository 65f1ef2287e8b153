import { expect, test } from 'vitest'
import { otherState, visitEndedAt } from './visit.ts'

const at = (minute: number) => new Date(Date.UTC(2027, 2, 3, 9, minute))

test('a visit that falls silent ended when it was last heard of; one that says goodbye ends now; none outlasts the room', () => {
  const heard = { seenAt: at(3), thereUntil: at(4) }
  expect(visitEndedAt(heard, { now: at(9), realNow: at(5) }, at(15))).toEqual(at(3))
  expect(visitEndedAt(heard, { now: at(3), realNow: at(3) }, at(15))).toEqual(at(3))
  expect(
    visitEndedAt({ seenAt: at(3), thereUntil: at(30) }, { now: at(20), realNow: at(20) }, at(15)),
  ).toEqual(at(15))
})

test('a clock that is moved takes nobody out: being there is counted on real time', () => {
  const heard = { seenAt: at(3), thereUntil: at(4) }
  expect(visitEndedAt(heard, { now: at(12), realNow: at(3) }, at(15))).toEqual(at(12))
})

test('whose line broke may still be seen, and who left may not', () => {
  expect([
    otherState(null),
    otherState('lost'),
    otherState('left'),
    otherState('replaced'),
    otherState('closed'),
  ]).toEqual(['in', 'lost', 'left', 'left', 'left'])
})
