import { afterEach, expect, test, vi } from 'vitest'
import { day, dayKey, hourIn, list, money, shortMoney, timeOfDay, when, zoneLabel } from './format.ts'
import { locale, weekStart } from './locale.ts'

afterEach(() => vi.unstubAllGlobals())
const reader = (...languages: (string | undefined)[]) =>
  vi.stubGlobal('navigator', { language: languages[0], languages })

const odd = [
  'en-US@posix',
  'en_US.UTF-8',
  'C',
  'POSIX',
  'C.UTF-8',
  '',
  'xx-XX',
  'tlh',
  'not a locale',
  '-',
  'i-klingon',
  'zh-Hans-CN-u-ca-chinese',
  'fa-IR',
  'ar-SA',
  'th-TH',
  'th-TH-u-ca-buddhist-nu-thai',
  'ja-JP-u-ca-japanese',
  'he-IL-u-ca-hebrew',
  'am-ET-u-ca-ethiopic',
  'ckb-IR',
  'ps-AF',
  'en-AU',
]
const at = '2027-03-20T01:05:00Z'

test.each(odd)(
  'no word of ours throws for a browser in %j, and every date is of our calendar',
  (language) => {
    reader(language)
    const shown = [
      day(at, 'Australia/Sydney', new Date('2026-01-01')),
      when(at, 'Australia/Sydney', new Date(at)),
      timeOfDay(at, 'Australia/Sydney'),
      zoneLabel('Australia/Sydney', at),
      money(1800, 'AUD'),
      shortMoney(1800, 'AUD'),
      list(['a', 'b']),
    ]
    expect(shown.every((text) => text !== '')).toBe(true)
    expect(dayKey(at, 'Australia/Sydney')).toBe('2027-03-20')
    expect(hourIn(at, 'Australia/Sydney')).toBe(12)
    const year = new Intl.NumberFormat(locale(), { useGrouping: false }).format(2027)
    expect(shown[0]).toContain(year)
    const month = new Intl.DateTimeFormat(locale(), { month: 'long', calendar: 'gregory' }).format(
      new Date(at),
    )
    expect(new Intl.DateTimeFormat(locale(), { month: 'long' }).format(new Date(at))).toBe(month)
    expect([0, 1, 5, 6]).toContain(weekStart())
  },
)

test('the first language of the reader that can be used is used', () => {
  reader('C', 'xx-XX', 'de-CH')
  expect(locale()).toMatch(/^de-CH/)
  reader(undefined)
  expect(locale()).toMatch(/^en-AU/)
  vi.stubGlobal('navigator', undefined)
  expect(locale()).toMatch(/^en-AU/)
})

const starts: [string, number][] = [
  ['en-AU', 1],
  ['en-GB', 1],
  ['en-US', 0],
  ['en-US@posix', 0],
  ['pt-BR', 0],
  ['ja', 0],
  ['de', 1],
  ['fa-IR', 6],
  ['ar-EG', 6],
  ['ar-SA', 0],
  ['en-MV', 5],
]
test.each(starts)('a week of %s starts on day %d', (language, first) => {
  reader(language)
  expect(weekStart()).toBe(first)
})

test.each(starts)('a week of %s starts on day %d also in a browser that does not tell', (language, first) => {
  reader(language)
  const locales = Intl.Locale.prototype as { getWeekInfo?: unknown }
  const told = locales.getWeekInfo
  delete locales.getWeekInfo
  try {
    expect(weekStart()).toBe(first)
  } finally {
    Object.defineProperty(locales, 'getWeekInfo', { value: told, configurable: true, writable: true })
  }
})
