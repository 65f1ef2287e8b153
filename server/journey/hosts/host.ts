// A host as the operators describe one in Airtable, turned into what we store.
import { readableText, visibleText } from '../../lib/visible-text.ts'
import { isLinkable } from '../members/name.ts'
import { readCalLink } from './cal-link.ts'
import { type PersonalityTag, personalityTags } from './personality-tags.ts'

const hostStatuses = ['Active', 'Inactive', 'Suspended'] as const
const verificationStatuses = ['Pending', 'Verified', 'Failed'] as const

export type HostFacts = {
  airtableRecordId: string
  fullName: string
  email: string | null
  mobileNumber: string | null
  photoUrl: string | null
  bio: string
  languages: string[]
  country: string
  timeZone: string
  tags: PersonalityTag[]
  verificationStatus: (typeof verificationStatuses)[number]
  status: (typeof hostStatuses)[number]
  ageGroup: string | null
  category: string | null
  introVideoUrl: string | null
  calUsername: string | null
  calEventSlug: string | null
}

/** The fields of `Hosts` that are read. */
export const hostFields = [
  'Full Name',
  'Country / Time Zone',
  'About You (Host Bio)',
  'Cal Link',
  'Personality Tags',
  'Email',
  'Mobile Number',
  'Profile Photo',
  'Languages Spoken',
  'Verification Status',
  'Status',
  'Host Age Group',
  'Host Category',
  'Intro Video',
] as const

export type HostRow = { id: string; fields: Record<string, unknown> }

/** Why a row cannot be read, as a part of a sentence: `has no ...`. */
export type Unreadable = { unreadable: string }

export type Place = { country: string; timeZone: string }

/** How the two cells are read that need tables of zones and numbers, which pages do not load. */
export type HostCells = {
  readPlace: (cell: string) => Place | undefined
  readNumber: (cell: string, place: Place) => { number: string | null } | Unreadable
}

/**
 * Reads one Airtable row. A host whom we do not know yet (`isNew`) gets the careful value for an odd cell:
 * Inactive, Pending. For a known one it makes the row unreadable, since they were something else before.
 */
export function readHost(record: HostRow, cells: HostCells, isNew: boolean): HostFacts | Unreadable {
  const { fields } = record
  const fullName = visibleText(text(fields['Full Name']))
  const place = cells.readPlace(text(fields['Country / Time Zone']))
  const status = oneOf(fields['Status'], hostStatuses) ?? (isNew ? 'Inactive' : undefined)
  const verificationStatus =
    oneOf(fields['Verification Status'], verificationStatuses) ?? (isNew ? 'Pending' : undefined)
  if (!/\p{L}/u.test(fullName)) return { unreadable: 'has no full name' }
  if (isLinkable(fullName)) return { unreadable: 'has a full name that phones would make a link of' }
  if (!place) return { unreadable: 'has no time zone that exists' }
  if (!status) return { unreadable: 'has no status' }
  if (!verificationStatus) return { unreadable: 'has no verification status' }
  const written = fields['Mobile Number']
  const mobile = cells.readNumber(typeof written === 'number' ? String(written) : text(written), place)
  if ('unreadable' in mobile) return mobile
  const bio = text(fields['About You (Host Bio)'])
  const cal = readCalLink(text(fields['Cal Link']))
  if (cal && 'unreadable' in cal) return cal
  const tags = list(fields['Personality Tags']).filter(isTag).slice(0, 3)
  return {
    airtableRecordId: record.id,
    fullName,
    email: text(fields['Email']) || null,
    mobileNumber: mobile.number,
    photoUrl: photo(fields['Profile Photo']),
    bio,
    languages: list(fields['Languages Spoken']),
    ...place,
    tags,
    verificationStatus,
    status,
    ageGroup: visibleCell(fields['Host Age Group']) || null,
    category: visibleCell(fields['Host Category']) || null,
    introVideoUrl: readWebAddress(text(fields['Intro Video'])),
    calUsername: cal?.username ?? null,
    calEventSlug: cal?.eventSlug ?? null,
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? readableText(value).trim() : ''
}

function list(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(visibleCell).filter(Boolean)
  return text(value)
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)
}

function visibleCell(value: unknown): string {
  return typeof value === 'string' ? visibleText(value) : ''
}

function isTag(value: string): value is PersonalityTag {
  return (personalityTags as readonly string[]).includes(value)
}

function oneOf<Value extends string>(value: unknown, allowed: readonly Value[]): Value | undefined {
  return allowed.find((candidate) => candidate === value)
}

function photo(value: unknown): string | null {
  const first: unknown = Array.isArray(value) ? value[0] : undefined
  const url = first && typeof first === 'object' && 'url' in first ? first.url : undefined
  return typeof url === 'string' ? readWebAddress(url) : null
}

function readWebAddress(value: string): string | null {
  return /^https?:\/\//i.test(value) ? value : null
}
