import { useQuery } from '@tanstack/react-query'
import { CalendarDays, UserRoundSearch, Video } from 'lucide-react'
import { api } from '../api/api.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { ButtonLink } from '../ui/Button.tsx'
import { usePageTitle } from '../ui/Page.tsx'
import { shortMoney } from '../words/format.ts'
import { plansQuery } from '../api/queries.ts'

const steps = [
  {
    icon: UserRoundSearch,
    title: 'Choose a host',
    text: 'Read a few lines about each, and pick the person you would like to talk to.',
  },
  {
    icon: CalendarDays,
    title: 'Pick a time',
    text: 'Tonight, or next week. Their free times are shown in your own time zone.',
  },
  {
    icon: Video,
    title: 'Meet on video',
    text: 'A private room opens 15 minutes before. Nothing to install, nothing to prepare.',
  },
]

export default function Welcome() {
  usePageTitle('Ten minutes with somebody who listens')
  const { data: page } = useQuery({ queryKey: ['hosts', 'faces'], queryFn: () => api.hosts({ limit: 6 }) })
  const { data: plans } = useQuery(plansQuery)
  const single = plans?.find((terms) => terms.plan === 'Adhoc')
  const faces = page?.hosts.slice(0, 6) ?? []
  return (
    <div className="mx-auto w-full max-w-6xl px-5 pt-10 pb-20 sm:px-8 sm:pt-20">
      <div className="items-center justify-between gap-16 lg:flex">
        <div className="rise max-w-3xl">
          <h1 className="text-[2.6rem] leading-[1.08] sm:text-6xl">Ten minutes with somebody who listens.</h1>
          <p className="mt-5 max-w-xl text-xl text-ink-soft">
            Short, private video conversations with warm, curious people. Bring a hard day, a good one, or no
            topic at all.
          </p>
          <div className="mt-8 flex flex-wrap gap-3">
            <ButtonLink to="/host-selection">Meet the hosts</ButtonLink>
            <ButtonLink to="/sign-in" kind="secondary">
              Sign in
            </ButtonLink>
          </div>
          <div className="mt-9 flex min-h-14 flex-wrap items-center gap-x-4 gap-y-2">
            <div className="flex -space-x-3 lg:hidden">
              {faces.map((host) => (
                <Avatar
                  key={host.id}
                  fullName={host.fullName}
                  photoUrl={host.photoUrl}
                  className="ring-3 ring-canvas"
                />
              ))}
            </div>
            {page && (
              <p className="text-[0.9375rem] text-ink-faint">
                {page.total} {page.total === 1 ? 'host' : 'hosts'}
                {single && (
                  <>
                    . One session is {shortMoney(single.priceCents, single.currency)} {single.currency}.
                  </>
                )}
              </p>
            )}
          </div>
        </div>
        <div aria-hidden="true" className="hidden shrink-0 grid-cols-3 gap-4 lg:grid">
          {faces.map((host, index) => (
            <Avatar
              key={host.id}
              fullName={host.fullName}
              photoUrl={host.photoUrl}
              size="huge"
              className={index % 3 === 1 ? 'translate-y-7' : ''}
            />
          ))}
        </div>
      </div>
      <ol className="mt-14 grid gap-8 border-t border-line pt-10 sm:mt-20 sm:grid-cols-3">
        {steps.map(({ icon: Icon, title, text }) => (
          <li key={title}>
            <Icon className="mb-3 size-7 text-accent" strokeWidth={1.75} aria-hidden="true" />
            <h2 className="text-lg">{title}</h2>
            <p className="mt-1 text-ink-soft">{text}</p>
          </li>
        ))}
      </ol>
    </div>
  )
}
