import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { beginCall, reloadForNewRelease } from './new-release.ts'

let reloads = 0
let page: EventTarget
let kept: Map<string, string>
const isOnline = { onLine: true }

beforeEach(() => {
  reloads = 0
  isOnline.onLine = true
  kept = new Map()
  page = Object.assign(new EventTarget(), { location: { reload: () => (reloads += 1) } })
  vi.stubGlobal('window', page)
  vi.stubGlobal('navigator', isOnline)
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  })
  reloadForNewRelease()
})
afterEach(() => void vi.unstubAllGlobals())

const missChunk = () => page.dispatchEvent(new Event('vite:preloadError', { cancelable: true }))

test('a missing chunk reloads the page once, and is an error when that did not help', () => {
  expect(missChunk()).toBe(false)
  expect(missChunk()).toBe(true)
  expect(reloads).toBe(1)
})

test('nothing reloads the page within a call, however many of its parts are missing', () => {
  const [endOne, endOther] = [beginCall(), beginCall()]
  missChunk()
  endOne()
  missChunk()
  expect(reloads).toBe(0)
  endOther()
  missChunk()
  expect(reloads).toBe(1)
})

test('nothing reloads the page while it is offline, where nothing would come back', () => {
  isOnline.onLine = false
  missChunk()
  expect(reloads).toBe(0)
})

test('a browser without storage reloads only a page that was not reloaded a moment ago', () => {
  vi.stubGlobal('sessionStorage', undefined)
  const visit = { type: 'reload' }
  vi.stubGlobal('performance', { getEntriesByType: () => [visit], now: () => 2000 })
  missChunk()
  expect(reloads).toBe(0)
  visit.type = 'navigate'
  missChunk()
  expect(reloads).toBe(1)
})
