// What one reading of the base changes: which host each row is, what cannot be read, and whether so many
// would be lost at once that the base is more likely broken than meant. Pure.
import { type HostFacts, type HostRow, type Unreadable } from './host.ts'

export type KnownHost = Pick<
  HostFacts,
  'airtableRecordId' | 'mobileNumber' | 'calUsername' | 'status' | 'verificationStatus'
> & { id: string }

export type HostReading = {
  /** Without an id they are new. */
  hosts: (HostFacts & { id: string | undefined })[]
  /** Hosts without a row any more. */
  vanishedIds: string[]
  unreadable: UnreadableRow[]
  /** Hosts who would lose something that others rely on: to be booked, to sign in, or their calendar. */
  lostIds: string[]
  /** More than a tenth of the hosts who can be booked, and more than one. */
  isDoubtful: boolean
}
export type UnreadableRow = { recordId: string; hostId: string | undefined; fullName: string; why: string }

/** A row, the host that it was before, and what it says now. */
export type ReadRow = { row: HostRow; before: KnownHost | undefined; host: HostFacts | Unreadable }

const doubtfulShare = 0.1

/** `read` holds every row of the base. */
export function readingOf(known: KnownHost[], read: ReadRow[]): HostReading {
  const present = new Set(read.map(({ row }) => row.id))
  // A row that was deleted and made anew is the same host, by their number.
  const withoutRow = known.filter((host) => !present.has(host.airtableRecordId))
  const byNumber = new Map(
    withoutRow.toSorted(liveLast).flatMap((host) => (host.mobileNumber ? [[host.mobileNumber, host]] : [])),
  )
  const owners = ownersOfNumbers(read)
  const reading: HostReading = { hosts: [], vanishedIds: [], unreadable: [], lostIds: [], isDoubtful: false }
  const found = new Set<string>()
  const unreadableIds: string[] = []
  for (const { row, before: ofRecord, host } of read) {
    const putAside = (why: string) => {
      // An empty row that an operator has just begun is no host yet.
      if (!ofRecord && !row.fields['Full Name']) return
      const fullName = String(row.fields['Full Name'] ?? 'somebody without a name')
      reading.unreadable.push({ recordId: row.id, hostId: ofRecord?.id, fullName, why })
      if (!ofRecord) return
      found.add(ofRecord.id)
      if (canBeBooked(ofRecord)) unreadableIds.push(ofRecord.id)
    }
    if ('unreadable' in host) {
      putAside(host.unreadable)
      continue
    }
    const number = host.mobileNumber
    if (number && host.status !== 'Inactive' && owners.get(number) !== row.id) {
      putAside('has the mobile number of another row')
      continue
    }
    const before = ofRecord ?? (number ? byNumber.get(number) : undefined)
    if (before && found.has(before.id)) {
      putAside('has the mobile number of another row')
      continue
    }
    if (before) found.add(before.id)
    if (before && losesSomething(before, host)) reading.lostIds.push(before.id)
    reading.hosts.push({ ...host, id: before?.id })
  }
  for (const host of withoutRow) {
    if (found.has(host.id) || host.status !== 'Active') continue
    reading.vanishedIds.push(host.id)
    if (canBeBooked(host)) reading.lostIds.push(host.id)
  }
  const bookable = known.filter(canBeBooked).length
  const missing = reading.lostIds.length + unreadableIds.length
  reading.isDoubtful = missing > 1 && missing > bookable * doubtfulShare
  return reading
}

/** The row to which each mobile number belongs: whose it was before, or else the first one. */
function ownersOfNumbers(rows: ReadRow[]): Map<string, string> {
  const owners = new Map<string, string>()
  for (const { row, before, host: read } of rows) {
    // A row that cannot be read keeps its last good version, number included.
    const host = 'unreadable' in read ? before : read
    if (!host?.mobileNumber || host.status === 'Inactive') continue
    const isOwner = before?.status !== 'Inactive' && before?.mobileNumber === host.mobileNumber
    if (isOwner || !owners.has(host.mobileNumber)) owners.set(host.mobileNumber, row.id)
  }
  return owners
}

const canBeBooked = (host: Pick<KnownHost, 'status' | 'verificationStatus'>) =>
  host.status === 'Active' && host.verificationStatus === 'Verified'

function losesSomething(before: KnownHost, host: HostFacts): boolean {
  return (
    canBeBooked(before) &&
    (!canBeBooked(host) ||
      (before.mobileNumber !== null && host.mobileNumber === null) ||
      (before.calUsername !== null && host.calUsername === null))
  )
}

/** Of several hosts with one number the last in this order counts. */
const liveLast = (one: KnownHost, other: KnownHost) =>
  Number(one.status !== 'Inactive') - Number(other.status !== 'Inactive')
