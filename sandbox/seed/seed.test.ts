import { describe, expect, test } from 'vitest'
import { startBase } from '../airtable/testing/world.ts'
import { seedHosts } from './hosts.ts'
import type { WeeklyHours } from './hosts.ts'
import { drawPhoto } from './photos.ts'
import { seedTemplates } from './templates.ts'

const active = seedHosts.filter((host) => host.status === 'Active' && host.verificationStatus === 'Verified')

/** Minutes since the host's own midnight, and the weekday there. */
function hostClock(timeZone: string, atMs: number) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(atMs)
  const part = (type: string) => parts.find((one) => one.type === type)!.value
  const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(part('weekday'))
  return { day, minute: Number(part('hour')) * 60 + Number(part('minute')) }
}

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

describe('the seeded hosts', () => {
  test('are twelve, with one inactive, one suspended and one not yet verified', () => {
    expect(seedHosts).toHaveLength(12)
    expect(
      seedHosts
        .map((host) => host.status)
        .sort()
        .slice(-2),
    ).toEqual(['Inactive', 'Suspended'])
    expect(seedHosts.filter((host) => host.verificationStatus !== 'Verified')).toHaveLength(1)
    expect(new Set(seedHosts.map((host) => host.mobileNumber)).size).toBe(12)
    expect(new Set(seedHosts.map((host) => host.recordId)).size).toBe(12)
  })

  test('begin with Amelia Hart, who has Cal.com and hours around the clock', () => {
    expect(seedHosts[0]).toMatchObject({
      fullName: 'Amelia Hart',
      mobileNumber: '+61491570006',
      calUsername: 'amelia-hart',
      timeZone: 'Australia/Sydney',
    })
    const isAlways = ({ days, start, end }: WeeklyHours) =>
      days.length === 7 && start === '00:00' && end === '24:00'
    const always = active.filter((host) => host.weekly.some(isAlways))
    expect(always.length).toBeGreaterThanOrEqual(2)
    expect(always[0]).toBe(seedHosts[0])
    expect(active.filter((host) => host.calUsername === null)).toHaveLength(1)
  })

  test('live in Australia but for three, and reach Cal.com in each of the ways there are', () => {
    expect(active.filter((host) => host.country !== 'Australia')).toHaveLength(3)
    expect(active.filter((host) => host.hasOwnCalcom)).toHaveLength(1)
    expect(active.filter((host) => host.calUsername?.startsWith('team/'))).toHaveLength(1)
    expect(active.filter((host) => host.calQuestion)).toHaveLength(1)
  })

  test('several of them are free at any hour of any day', () => {
    const start = Date.parse('2026-03-01T00:00:00Z')
    for (let hour = 0; hour < 7 * 24; hour++) {
      const free = active.filter((host) => {
        const { day, minute } = hostClock(host.timeZone, start + hour * 3_600_000)
        return host.weekly.some(
          (hours) =>
            hours.days.includes(day) && minutes(hours.start) <= minute && minute < minutes(hours.end),
        )
      })
      expect(free.length, `hour ${hour}`).toBeGreaterThanOrEqual(3)
    }
  })

  test('have faces that are stable and all different', () => {
    expect(drawPhoto('amelia-hart')).toBe(drawPhoto('amelia-hart'))
    expect(new Set(seedHosts.map((host) => drawPhoto(host.slug))).size).toBe(12)
  })

  test('show their photo at the address in their record', async () => {
    const { official } = await startBase()
    const [amelia] = await official('Hosts').select({ maxRecords: 1 }).all()
    const [photo] = amelia!.get('Profile Photo') as readonly { url: string }[]
    const answer = await fetch(photo!.url)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
    expect(await answer.text()).toMatch(/^<svg/)
  })
})

describe('the seeded templates', () => {
  const known = [
    'member_name',
    'host_name',
    'start_time',
    'join_url',
    'plan_name',
    'amount',
    'expires_at',
    'sessions_left',
    'manage_url',
    'urgency',
    'decision',
  ]

  test('cover every name, prompts with several texts', () => {
    const count = (name: string) => seedTemplates.filter((template) => template.name === name).length
    expect([
      count('Pre-Session Prompt'),
      count('Conversation Starter'),
      count('Post-Session Reflection'),
    ]).toEqual([3, 5, 3])
    const single = [
      'Payment Confirmation',
      'Booking Confirmation',
      'Session Reminder',
      'Session Thank You',
      'Host Liked You',
      'Mutual Like',
      'Pack Expiring',
      'Session Cancelled',
      'Session Moved',
      'Session Ended',
      'Report Alert',
      'Report Decided',
      'Host No-Show',
      'Welcome',
      'Inactive 48h Reminder',
      'Holiday Message',
    ]
    expect(single.map(count)).toEqual(single.map(() => 1))
  })

  test('use only placeholders that can be filled', () => {
    const used = seedTemplates.flatMap(({ body }) =>
      [...body.matchAll(/\{\{(.*?)\}\}/g)].map(([, name]) => name),
    )
    expect(used.filter((name) => !known.includes(name!))).toEqual([])
  })
})
