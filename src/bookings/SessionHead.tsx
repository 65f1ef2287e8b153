import type { ReactNode } from 'react'
import { useNow } from '../words/clock.ts'
import { when, zoneLabel } from '../words/format.ts'
import { Avatar } from '../ui/Avatar.tsx'

type Props = {
  start: string
  timeZone: string
  other: string
  photoUrl: string | null
  role?: 'status'
  children?: ReactNode
}

/** When one session takes place, and with whom. */
export function SessionHead({ start, timeZone, other, photoUrl, role, children }: Props) {
  const now = useNow(30_000)
  return (
    <div className="flex items-center gap-4" role={role}>
      <Avatar fullName={other} photoUrl={photoUrl} size="large" />
      <div>
        <p className="text-[1.375rem] leading-tight font-semibold tracking-[-0.018em]">
          {when(start, timeZone, now)}
        </p>
        <p className="mt-0.5 text-ink-soft">with {other}</p>
        <p className="text-[0.9375rem] text-ink-faint">{zoneLabel(timeZone, start)}</p>
        {children}
      </div>
    </div>
  )
}
