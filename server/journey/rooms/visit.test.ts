import { expect, test } from 'vitest'
import { otherState, visitEndedAt } from './visit.ts'

const at = (minute: number) => new Date(Date.UTC(2027, 2, 3, 9, minute))

test('a silent visit ended when it was last heard of, one that leaves ends now, and none outlasts the room', () => {
  const heard = { seenAt: at(3), thereUntil: at(4) }
  expect(visitEndedAt(heard, { now: at(9), realNow: at(5) }, at(15))).toEqual(at(3))
  expect(visitEndedAt(heard, { now: at(3), realNow: at(3) }, at(15))).toEqual(at(3))
  expect(
    visitEndedAt({ seenAt: at(3), thereUntil: at(30) }, { now: at(20), realNow: at(20) }, at(15)),
  ).toEqual(at(15))
})

test('moving the clock ends no visit, because presence is counted on real time', () => {
  const heard = { seenAt: at(3), thereUntil: at(4) }
  expect(visitEndedAt(heard, { now: at(12), realNow: at(3) }, at(15))).toEqual(at(12))
})

test('somebody who lost the connection may still be seen, and somebody who left may not', () => {
  expect([
    otherState(null),
    otherState('lost'),
    otherState('left'),
    otherState('replaced'),
    otherState('closed'),
  ]).toEqual(['in', 'lost', 'left', 'left', 'left'])
})
