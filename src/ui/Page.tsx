// Common to every page: a title in the tab, one heading, and the same margins.
import { ArrowLeft } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { Link } from 'react-router'
import { Problem } from './Notice.tsx'

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Presence`
  }, [title])
}

type Props = {
  title: string
  lead?: ReactNode
  back?: { to: string; label: string }
  aside?: ReactNode
  width?: 'narrow' | 'normal' | 'roomy' | 'wide'
  children: ReactNode
}

const widths = { narrow: 'max-w-xl', normal: 'max-w-3xl', roomy: 'max-w-4xl', wide: 'max-w-6xl' }

export function Page({ title, lead, back, aside, width = 'normal', children }: Props) {
  usePageTitle(title)
  return (
    <div className={`mx-auto w-full px-5 pt-6 pb-16 sm:px-8 sm:pt-10 ${widths[width]}`}>
      {back && (
        <Link
          to={back.to}
          className="-ml-2 mb-3 inline-flex min-h-11 items-center gap-1.5 rounded-full px-2 pr-3 font-medium
            text-ink-soft
            hover:text-ink"
        >
          <ArrowLeft className="size-[1.15em]" aria-hidden="true" /> {back.label}
        </Link>
      )}
      <div className="mb-7 flex flex-wrap items-end justify-between gap-x-6 gap-y-4 sm:mb-9">
        <div className="min-w-0">
          <h1 className="text-[1.9rem] sm:text-[2.4rem]">{title}</h1>
          {lead && <p className="mt-2 max-w-2xl text-lg text-ink-soft">{lead}</p>}
        </div>
        {aside}
      </div>
      {children}
    </div>
  )
}

/** A page that could not load, with its usual name and place. */
export function FailedPage({
  title,
  error,
  onRetry,
}: {
  title: string
  error: unknown
  onRetry: () => void
}) {
  return (
    <Page title={title}>
      <Problem error={error} onRetry={onRetry} />
    </Page>
  )
}

export function Section({
  title,
  aside,
  children,
  id,
}: {
  title: string
  aside?: ReactNode
  children: ReactNode
  id?: string
}) {
  return (
    <section aria-label={title} id={id} className="mb-11">
      <div className="mb-4 flex items-baseline justify-between gap-4">
        <h2 className="text-xl">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

export function PageSkeleton() {
  return (
    <div className="mx-auto w-full max-w-3xl px-5 pt-8 sm:px-8 sm:pt-12" role="status" aria-label="Loading">
      <h1 className="sr-only">Loading</h1>
      <div className="skeleton h-10 w-56" />
      <div className="skeleton mt-4 h-5 w-80 max-w-full" />
      <div className="skeleton mt-10 h-36 w-full rounded-card" />
      <div className="skeleton mt-4 h-36 w-full rounded-card" />
    </div>
  )
}
