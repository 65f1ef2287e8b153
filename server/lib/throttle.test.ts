import { expect, test, vi } from 'vitest'
import { throttle } from './throttle.ts'

test('the first call runs at once, and all calls meanwhile share one more run', async () => {
  vi.useFakeTimers()
  let done = 0
  const ask = throttle(async () => void done++, 100)
  ask()
  await vi.advanceTimersByTimeAsync(0)
  expect(done).toBe(1)
  for (let times = 0; times < 1_000; times++) ask()
  await vi.advanceTimersByTimeAsync(99)
  expect(done).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(done).toBe(2)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(done).toBe(2)
  ask()
  await vi.advanceTimersByTimeAsync(0)
  expect(done).toBe(3)
  vi.useRealTimers()
})
