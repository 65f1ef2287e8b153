import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { Logo } from '../ui/Logo.tsx'
import { OfflineBanner } from '../ui/OfflineBanner.tsx'

/** The page around a session that is not in its room: the logo leads home. */
export function RoomFrame({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="mx-auto flex h-15 w-full max-w-6xl items-center px-5 sm:px-8">
        <Link
          to="/"
          aria-label="Presence, home"
          className="flex min-h-11 items-center gap-2 rounded-full text-xl font-bold tracking-[-0.03em]"
        >
          <Logo className="size-8 text-accent" /> Presence
        </Link>
      </header>
      <OfflineBanner />
      <main id="content" className="flex-1">
        {children}
      </main>
    </div>
  )
}
