import { lazy, Suspense } from 'react'
import { Navigate } from 'react-router'
import { FailedPage, PageSkeleton } from '../ui/Page.tsx'
import { useMe } from '../api/queries.ts'

const MemberDashboard = lazy(() => import('./MemberDashboard.tsx'))
const Welcome = lazy(() => import('./Welcome.tsx'))

/**
 * `/` is the member's dashboard; visitors are welcomed, and people who are only
 * host or operator go to their own page.
 */
export default function Home() {
  const { data: me, isPending, error, refetch } = useMe()
  if (isPending) return <PageSkeleton />
  if (error && me === undefined)
    return <FailedPage title="Home" error={error} onRetry={() => void refetch()} />
  if (!me)
    return (
      <Suspense fallback={<PageSkeleton />}>
        <Welcome />
      </Suspense>
    )
  if (!me.member)
    return (
      <Navigate
        to={me.host ? '/host' : me.isOperator ? '/ops' : me.hostingOpensAt ? '/account' : '/host-selection'}
        replace
      />
    )
  if (me.member.fullName === '') return <Navigate to="/sign-in" replace />
  return (
    <Suspense fallback={<PageSkeleton />}>
      <MemberDashboard />
    </Suspense>
  )
}
