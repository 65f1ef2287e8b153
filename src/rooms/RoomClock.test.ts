import { expect, test } from 'vitest'
import { remaining } from './RoomClock.tsx'

const start = '2026-11-25T02:00:00Z'
const end = '2026-11-25T02:10:00Z'
const closes = '2026-11-25T02:15:00Z'
const at = (time: string) => remaining(start, end, closes, new Date(`2026-11-25T${time}Z`))

test('the clock counts to the start, the end and the closing of the room, and warns at two minutes', () => {
  expect(at('01:59:00')).toEqual({ phase: 'before', ms: 60_000 })
  expect(at('02:00:00')).toEqual({ phase: 'during', ms: 600_000 })
  expect(at('02:07:59')).toMatchObject({ phase: 'during' })
  expect(at('02:08:00')).toEqual({ phase: 'closing', ms: 120_000 })
  expect(at('02:10:00')).toEqual({ phase: 'over', ms: 300_000 })
  expect(at('02:15:00')).toEqual({ phase: 'closed', ms: 0 })
})
