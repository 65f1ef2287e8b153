import type { ReactNode } from 'react'
import { Navigate, useLocation } from 'react-router'
import { useMe } from '../api/queries.ts'
import { FailedPage, PageSkeleton } from './Page.tsx'

/** Sends a visitor to sign in, and back to exactly where they were going. */
export function RequireSignIn({ children }: { children: ReactNode }) {
  const { data: me, isPending, error, refetch } = useMe()
  const { pathname, search } = useLocation()
  if (isPending) return <PageSkeleton />
  if (error && me === undefined)
    return <FailedPage title="Presence" error={error} onRetry={() => void refetch()} />
  if (!me) return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} replace />
  return children
}
