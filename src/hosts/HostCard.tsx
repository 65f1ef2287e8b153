import { CalendarClock, CalendarOff, Globe, MessagesSquare } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'react-router'
import type { Host } from '../../server/journey/hosts/host-view.ts'
import { now } from '../words/clock.ts'
import { noTimesText } from '../words/session-words.ts'
import { firstName, list, midSentence, timeOfDay, when } from '../words/format.ts'
import { useZone } from '../api/queries.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { buttonClass } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { LikeButton } from './LikeButton.tsx'

type Props = { host: Host; to: string; action: string; canLike: boolean }

/** One host: the face, the words, and one way on. The whole card is the link; the heart is its own button. */
export function HostCard({ host, to, action, canLike }: Props) {
  const [isWhole, setWhole] = useState(false)
  const zone = useZone()
  const place = (host.timeZone.split('/').at(-1) ?? host.timeZone).replaceAll('_', ' ')
  const bio = useRef<HTMLParagraphElement>(null)
  const [isCut, setCut] = useState(false)
  useEffect(() => {
    const element = bio.current
    if (!element || isWhole) return
    const watcher = new ResizeObserver(() => setCut(element.scrollHeight > element.clientHeight + 2))
    watcher.observe(element)
    return () => watcher.disconnect()
  }, [isWhole])
  return (
    <Card
      className="group relative flex h-full flex-col p-5 transition-shadow focus-within:shadow-float
      hover:shadow-float sm:p-6"
    >
      <div className="flex items-start gap-4">
        <Avatar fullName={host.fullName} photoUrl={host.photoUrl} size="large" />
        <div className="min-w-0 flex-1 pt-1">
          <h2 className="pr-9 text-[1.3rem] break-words">
            <Link
              to={to}
              className="after:absolute after:inset-0 after:rounded-card focus-visible:outline-none
                focus-visible:after:outline-2
                focus-visible:after:outline-offset-2 focus-visible:after:outline-accent"
            >
              {host.fullName}
            </Link>
          </h2>
          {host.category && <p className="text-ink-soft">{host.category}</p>}
          {host.hasMetYou && <p className="text-[0.9375rem] font-medium text-accent">You have met before</p>}
        </div>
        {canLike && <LikeButton host={host} className="absolute top-3 right-3 z-10" />}
      </div>
      <p ref={bio} className={`mt-4 text-ink-soft ${isWhole ? '' : 'line-clamp-5'}`}>
        {host.bio}
      </p>
      {isCut && (
        <button
          type="button"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
          className="relative z-10 -mb-2 -ml-2 inline-flex min-h-11 items-center self-start rounded-full
            px-2 text-[0.9375rem]
            font-semibold text-ink-soft underline decoration-line-strong decoration-1 underline-offset-4
            hover:text-ink"
        >
          {isWhole ? 'Less' : 'Read all'}
        </button>
      )}
      <ul aria-label="Personality" className="mt-4 flex flex-wrap gap-1.5">
        {host.tags.map((tag) => (
          <li key={tag} className="rounded-full bg-sunken px-3 py-1 text-sm font-medium text-ink-soft">
            {tag}
          </li>
        ))}
      </ul>
      <dl className="mt-4 grid gap-1.5 text-[0.9375rem] text-ink-faint">
        <div className="flex items-center gap-2">
          <dt>
            <MessagesSquare className="size-4" aria-hidden="true" />
            <span className="sr-only">Languages</span>
          </dt>
          <dd>{list(host.languages)}</dd>
        </div>
        <div className="flex items-center gap-2">
          <dt>
            <Globe className="size-4" aria-hidden="true" />
            <span className="sr-only">Where</span>
          </dt>
          <dd>
            {place === host.country ? place : `${place}, ${host.country}`} · {timeOfDay(now(), host.timeZone)}{' '}
            there
          </dd>
        </div>
        {host.nextFree && (
          <div className="flex items-center gap-2">
            <dt>
              <CalendarClock className="size-4" aria-hidden="true" />
              <span className="sr-only">Next free</span>
            </dt>
            <dd>Free {midSentence(when(host.nextFree, zone, now()))}</dd>
          </div>
        )}
        {noTimesText(host.availability) && (
          <div className="flex items-center gap-2">
            <dt>
              <CalendarOff className="size-4" aria-hidden="true" />
              <span className="sr-only">Next free</span>
            </dt>
            <dd>{noTimesText(host.availability)}</dd>
          </div>
        )}
      </dl>
      <span aria-hidden="true" className="mt-auto flex flex-col pt-5">
        <span
          className={buttonClass(
            'secondary',
            'small',
            'group-hover:border-accent group-hover:bg-accent group-hover:text-accent-ink',
          )}
        >
          {action.replace('{name}', firstName(host.fullName))}
        </span>
      </span>
    </Card>
  )
}

export function HostCardSkeleton() {
  return (
    <Card className="p-6">
      <div className="flex gap-4">
        <div className="skeleton size-20 rounded-full" />
        <div className="flex-1 pt-2">
          <div className="skeleton h-6 w-40 max-w-full" />
          <div className="skeleton mt-2.5 h-4 w-28" />
        </div>
      </div>
      <div className="skeleton mt-6 h-4 w-full" />
      <div className="skeleton mt-2.5 h-4 w-full" />
      <div className="skeleton mt-2.5 h-4 w-2/3" />
      <div className="skeleton mt-7 h-11 w-full rounded-full" />
    </Card>
  )
}
