// The hosts of a fresh sandbox. Numbers are from the ranges that the Australian regulator reserves for
// fiction. `country` and `timeZone` make Airtable's field `Country / Time Zone`: `<Country> / <IANA zone>`.
import { stableId } from '../airtable/ids.ts'

export type WeeklyHours = {
  /** 0 = Sunday. */
  days: number[]
  /** 'HH:MM' on the host's own clock. */
  start: string
  /** 'HH:MM'; '24:00' is the end of the day. */
  end: string
}

export type SeedHost = {
  slug: string
  recordId: string
  fullName: string
  email: string
  mobileNumber: string
  timeZone: string
  country: string
  /** Name of the host's Cal.com account, or `team/` and a team's; null for a host who has none. */
  calUsername: string | null
  calEventSlug: string
  /** Not in the organization of the business: reached by a key of the host's own alone. */
  hasOwnCalcom: boolean
  /** What their event type asks, which nobody can answer for a member. */
  calQuestion?: { slug: string; label: string }
  weekly: WeeklyHours[]
  bio: string
  languages: string[]
  tags: string[]
  status: 'Active' | 'Inactive' | 'Suspended'
  verificationStatus: 'Pending' | 'Verified' | 'Failed'
  ageGroup: string
  category: string
}

const everyDay = [0, 1, 2, 3, 4, 5, 6]
const weekdays = [1, 2, 3, 4, 5]
const weekend = [0, 6]
const always: WeeklyHours[] = [{ days: everyDay, start: '00:00', end: '24:00' }]

type Usual = 'status' | 'verificationStatus' | 'calEventSlug' | 'hasOwnCalcom'
type HostEntry = Omit<SeedHost, 'recordId' | 'email' | Usual> & Partial<Pick<SeedHost, Usual>>

const written: HostEntry[] = [
  {
    slug: 'amelia-hart',
    fullName: 'Amelia Hart',
    mobileNumber: '+61491570006',
    country: 'Australia',
    timeZone: 'Australia/Sydney',
    calUsername: 'amelia-hart',
    weekly: always,
    bio:
      'I spent ten years as a hospice nurse and learned that most people mainly want to be heard. ' +
      'Bring me a hard day or a good one; I will make tea and we will talk it through. I laugh easily and ' +
      'never rush.',
    languages: ['English'],
    tags: ['Calm', 'Empathetic', 'Listener'],
    ageGroup: '45-54',
    category: 'Listening Ear',
  },
  {
    slug: 'kenji-watanabe',
    fullName: 'Kenji Watanabe',
    mobileNumber: '+61491570156',
    country: 'Australia',
    timeZone: 'Australia/Perth',
    calUsername: 'kenji-watanabe',
    weekly: always,
    bio:
      'Former night-shift train driver, now a potter who keeps odd hours. I like quiet questions, ' +
      'small plans and people who are awake when they would rather be asleep.',
    languages: ['Japanese', 'English'],
    tags: ['Calm', 'Analytical'],
    ageGroup: '55-64',
    category: 'Listening Ear',
  },
  {
    slug: 'priya-raman',
    fullName: 'Priya Raman',
    mobileNumber: '+61491570157',
    country: 'Australia',
    timeZone: 'Australia/Brisbane',
    calUsername: 'priya-raman',
    weekly: [
      { days: weekdays, start: '07:00', end: '13:00' },
      { days: everyDay, start: '18:00', end: '22:00' },
    ],
    bio:
      'Engineer by training, big sister by temperament. I am good at turning a tangle of worries into ' +
      'three next steps, ' +
      'and I will check in on the first one when we meet again.',
    languages: ['English', 'Tamil', 'Hindi'],
    tags: ['Analytical', 'Motivator'],
    ageGroup: '25-34',
    category: 'Career & Study',
  },
  {
    slug: 'mateo-alvarez',
    fullName: 'Mateo Álvarez',
    mobileNumber: '+61491570158',
    country: 'Spain',
    timeZone: 'Europe/Madrid',
    calUsername: 'mateo-alvarez',
    weekly: [
      { days: everyDay, start: '09:00', end: '14:00' },
      { days: everyDay, start: '17:00', end: '22:00' },
    ],
    bio:
      'I ran a neighbourhood bar for fifteen years, so I have heard every story and still want to hear ' +
      'yours. ' +
      'Expect a joke, a strong opinion about coffee, and my full attention.',
    languages: ['Spanish', 'English'],
    tags: ['Funny', 'Outgoing'],
    ageGroup: '45-54',
    category: 'Everyday Company',
  },
  {
    slug: 'grace-okafor',
    fullName: 'Grace Okafor',
    mobileNumber: '+61491570159',
    country: 'Australia',
    timeZone: 'Australia/Melbourne',
    calUsername: 'grace-okafor',
    weekly: [
      { days: everyDay, start: '00:00', end: '10:00' },
      { days: everyDay, start: '16:00', end: '21:00' },
    ],
    bio:
      'Choir leader, mother of three, firm believer in second chances. Tell me what you are putting off ' +
      'and ' +
      'we will find the courage for the first small piece of it together.',
    languages: ['English', 'Yoruba'],
    tags: ['Motivator', 'Empathetic', 'Outgoing'],
    ageGroup: '35-44',
    category: 'Encouragement',
  },
  {
    slug: 'noah-bennett',
    fullName: 'Noah Bennett',
    mobileNumber: '+61491570110',
    country: 'Australia',
    timeZone: 'Australia/Hobart',
    calUsername: 'noah-bennett',
    hasOwnCalcom: true,
    weekly: [
      { days: weekdays, start: '08:00', end: '12:00' },
      { days: everyDay, start: '15:00', end: '24:00' },
    ],
    bio:
      'I teach teenagers physics, which is mostly patience with a whiteboard. Happy to think aloud about ' +
      'school, ' +
      'moving cities, or why the stars make everything feel manageable.',
    languages: ['English', 'French'],
    tags: ['Analytical', 'Funny'],
    ageGroup: '35-44',
    category: 'Career & Study',
  },
  {
    slug: 'leila-haddad',
    fullName: 'Leila Haddad',
    mobileNumber: '+61491571266',
    country: 'United Kingdom',
    timeZone: 'Europe/London',
    calUsername: 'leila-haddad',
    calQuestion: { slug: 'company', label: 'Your company' },
    weekly: [
      { days: weekdays, start: '12:00', end: '20:00' },
      { days: weekend, start: '10:00', end: '16:00' },
    ],
    bio:
      'I moved countries twice before I was thirty and know how loud a quiet flat can be. ' +
      'We can practise a difficult conversation, or simply have a kind one.',
    languages: ['English', 'Arabic', 'French'],
    tags: ['Empathetic', 'Calm'],
    ageGroup: '25-34',
    category: 'New Beginnings',
  },
  {
    slug: 'marcus-reid',
    fullName: 'Marcus Reid',
    mobileNumber: '+61491571491',
    country: 'United States',
    timeZone: 'America/New_York',
    calUsername: 'team/presence-hosts',
    calEventSlug: 'marcus-reid',
    weekly: always,
    bio:
      'Retired basketball coach. I still believe in warm-ups, short goals and saying well done out loud. ' +
      'Ten minutes with me and you will have a plan for the week.',
    languages: ['English'],
    tags: ['Motivator', 'Outgoing', 'Funny'],
    ageGroup: '55-64',
    category: 'Encouragement',
  },
  {
    slug: 'ruby-tamihana',
    fullName: 'Ruby Tamihana',
    mobileNumber: '+61491571804',
    country: 'Australia',
    timeZone: 'Australia/Brisbane',
    calUsername: null,
    weekly: [{ days: everyDay, start: '07:00', end: '21:00' }],
    bio:
      'Beekeeper and grandmother from the Coromandel. I tell slow stories, ask one good question at a ' +
      'time, ' +
      'and am not afraid of a silence.',
    languages: ['English', 'Māori'],
    tags: ['Listener', 'Calm', 'Funny'],
    ageGroup: '65+',
    category: 'Everyday Company',
  },
  {
    slug: 'sofia-lindqvist',
    fullName: 'Sofia Lindqvist',
    mobileNumber: '+61491572549',
    country: 'Australia',
    timeZone: 'Australia/Melbourne',
    calUsername: null,
    status: 'Inactive',
    weekly: [{ days: weekdays, start: '09:00', end: '17:00' }],
    bio:
      'Choreographer on parental leave until spring. I usually talk with people about stage fright, bodies ' +
      'and beginnings, ' +
      'and I will be back as soon as somebody here learns to sleep.',
    languages: ['Swedish', 'English'],
    tags: ['Outgoing', 'Listener'],
    ageGroup: '25-34',
    category: 'New Beginnings',
  },
  {
    slug: 'daniel-mwangi',
    fullName: 'Daniel Mwangi',
    mobileNumber: '+61491572665',
    country: 'Australia',
    timeZone: 'Australia/Brisbane',
    calUsername: null,
    status: 'Suspended',
    weekly: [{ days: weekdays, start: '10:00', end: '18:00' }],
    bio:
      'Radio presenter with a soft spot for early mornings and late confessions. ' +
      'I love debating football and what makes a good friend.',
    languages: ['English', 'Swahili'],
    tags: ['Outgoing', 'Funny'],
    ageGroup: '35-44',
    category: 'Everyday Company',
  },
  {
    slug: 'chloe-nguyen',
    fullName: 'Chloe Nguyen',
    mobileNumber: '+61491572983',
    country: 'Australia',
    timeZone: 'Australia/Perth',
    calUsername: null,
    verificationStatus: 'Pending',
    weekly: [{ days: everyDay, start: '10:00', end: '19:00' }],
    bio:
      'Final-year psychology student and weekend lifeguard. I am new here and looking forward to meeting ' +
      'people ' +
      'who want to talk about family, futures or the perfect bánh mì.',
    languages: ['English', 'Vietnamese'],
    tags: ['Empathetic', 'Listener'],
    ageGroup: '18-24',
    category: 'Listening Ear',
  },
]

export const seedHosts: SeedHost[] = written.map((host) => ({
  status: 'Active',
  verificationStatus: 'Verified',
  calEventSlug: '10min',
  hasOwnCalcom: false,
  ...host,
  recordId: stableId('rec', `host:${host.slug}`),
  email: `${host.slug.replace('-', '.')}@example.com`,
}))
