// The frame around every page but the video session: a compact header, and on a
// phone a bar within the thumb's reach.
import { CircleUserRound, House, LayoutDashboard, type LucideIcon, UsersRound, Video } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { Link, NavLink, Outlet, useLocation, useNavigationType } from 'react-router'
import type { Me } from '../../server/journey/members/member-view.ts'
import { opsQuery, useMe } from '../api/queries.ts'
import { buttonClass } from './Button.tsx'
import { Footer } from './Footer.tsx'
import { LeavingBanner } from './LeavingBanner.tsx'
import { Logo } from './Logo.tsx'
import { OfflineBanner } from './OfflineBanner.tsx'
import { StoppedTexts } from './StoppedTexts.tsx'

type Place = { to: string; label: string; icon: LucideIcon; count?: number }

function placesOf(me: Me | null | undefined, reports: number): Place[] {
  const places: Place[] = []
  if (!me || me.member) places.push({ to: '/', label: 'Home', icon: House })
  places.push({ to: '/host-selection', label: 'Hosts', icon: UsersRound })
  if (me?.host) places.push({ to: '/host', label: 'Hosting', icon: Video })
  if (me?.isOperator) places.push({ to: '/ops', label: 'Operations', icon: LayoutDashboard, count: reports })
  if (me) places.push({ to: '/account', label: 'Account', icon: CircleUserRound })
  return places
}

/** A new page starts at its top with focus on its content, as a page load would. */
function useFreshStart() {
  const { pathname } = useLocation()
  const kind = useNavigationType()
  const main = useRef<HTMLElement>(null)
  const shown = useRef(pathname)
  useEffect(() => {
    // Opening or closing a dialog changes the address too, but not the page.
    if (shown.current === pathname) return
    shown.current = pathname
    if (kind !== 'POP') window.scrollTo(0, 0)
    // A page that begins with a field has set the focus already.
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true })
  }, [pathname, kind])
  return main
}

export function Shell() {
  const { data: me } = useMe()
  const main = useFreshStart()
  const { pathname } = useLocation()
  const { data: ops } = useQuery({ ...opsQuery, enabled: Boolean(me?.isOperator) })
  const places = placesOf(me, ops?.waiting.find(({ kind }) => kind === 'report')?.count ?? 0)
  return (
    <div className="flex min-h-dvh flex-col pb-[calc(4.5rem+env(safe-area-inset-bottom))] sm:pb-0">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-60
          focus:rounded-full focus:bg-surface
          focus:px-5 focus:py-3"
      >
        Skip to the content
      </a>
      <header
        className="sticky top-0 z-30 border-b border-line/70 bg-canvas/88
        pt-[env(safe-area-inset-top)] backdrop-blur-lg"
      >
        <div
          className="mx-auto flex h-15 w-full max-w-6xl items-center justify-between gap-4 px-5 sm:h-17
          sm:px-8"
        >
          <Link
            to="/"
            aria-label="Presence, home"
            className="-ml-1 flex min-h-11 items-center gap-2 rounded-full px-1 text-xl font-bold
              tracking-[-0.03em]"
          >
            <Logo className="size-8 text-accent" /> Presence
          </Link>
          <nav aria-label="Main" className="hidden items-center gap-1 sm:flex">
            {places.map(({ to, label, count = 0 }) => (
              <NavLink
                key={to}
                to={to}
                end={to === '/'}
                className="inline-flex min-h-11 items-center rounded-full px-4 font-medium text-ink-soft
                  hover:bg-sunken
                  hover:text-ink aria-[current=page]:text-ink aria-[current=page]:underline aria-[current=page]:decoration-accent
                  aria-[current=page]:decoration-2 aria-[current=page]:underline-offset-8"
              >
                {label}
                <ReportCount count={count} />
              </NavLink>
            ))}
            {me === null && pathname !== '/sign-in' && <SignInLink />}
          </nav>
          <div className="sm:hidden">{me === null && pathname !== '/sign-in' && <SignInLink />}</div>
        </div>
      </header>
      <OfflineBanner />
      <LeavingBanner />
      <StoppedTexts />
      <main id="content" ref={main} tabIndex={-1} className="flex-1">
        <Outlet />
      </main>
      <Footer />
      <nav
        aria-label="Main, below"
        className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface/94
          pb-[env(safe-area-inset-bottom)]
          backdrop-blur-lg sm:hidden"
      >
        <ul className="mx-auto flex max-w-md justify-around">
          {places.map(({ to, label, icon: Icon, count = 0 }) => (
            <li key={to} className="flex-1">
              <NavLink
                to={to}
                end={to === '/'}
                className="flex min-h-16 flex-col items-center justify-center gap-0.5 text-[0.8125rem]
                  font-medium text-ink-faint
                  aria-[current=page]:font-semibold aria-[current=page]:text-accent"
              >
                <span className="relative">
                  <Icon className="size-6" strokeWidth={1.8} aria-hidden="true" />
                  <ReportCount count={count} className="absolute -top-1.5 -right-4" />
                </span>
                {label}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  )
}

/** How many reports wait for an operator. */
function ReportCount({ count, className = 'ml-2' }: { count: number; className?: string }) {
  if (count === 0) return null
  return (
    <span className={className}>
      <span
        className="inline-grid min-w-5 place-items-center rounded-full bg-danger px-1.5 text-[0.8125rem]
          leading-5 font-bold text-surface"
      >
        {count}
        <span className="sr-only">{count === 1 ? ' report waits' : ' reports wait'}</span>
      </span>
    </span>
  )
}

function SignInLink() {
  const { pathname, search } = useLocation()
  const next =
    pathname === '/' || pathname === '/sign-in' ? '' : `?next=${encodeURIComponent(pathname + search)}`
  return (
    <Link to={`/sign-in${next}`} className={buttonClass('secondary', 'small')}>
      Sign in
    </Link>
  )
}
