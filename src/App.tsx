import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { Route, Routes, useLocation } from 'react-router'
import { ErrorBoundary } from './components/ErrorBoundary.tsx'
import { PageSkeleton } from './components/Page.tsx'
import { RequireSignIn } from './components/RequireSignIn.tsx'
import { Shell } from './components/Shell.tsx'
import { useLiveUpdates } from './live.ts'
import { settingsQuery } from './queries.ts'
import { onFirstNote } from './toasts.ts'

const Account = lazy(() => import('./pages/Account.tsx'))
const Home = lazy(() => import('./pages/Home.tsx'))
const HostDashboard = lazy(() => import('./pages/HostDashboard.tsx'))
const HostSelection = lazy(() => import('./pages/HostSelection.tsx'))
const HostMove = lazy(() => import('./pages/HostMove.tsx'))
const Manage = lazy(() => import('./pages/Manage.tsx'))
const NotFound = lazy(() => import('./pages/NotFound.tsx'))
const Operations = lazy(() => import('./pages/Operations.tsx'))
const Plans = lazy(() => import('./pages/Plans.tsx'))
const PurchaseFile = lazy(() => import('./pages/PurchaseFile.tsx'))
const Receipt = lazy(() => import('./pages/Receipt.tsx'))
const Schedule = lazy(() => import('./pages/Schedule.tsx'))
const SignIn = lazy(() => import('./pages/SignIn.tsx'))
const Toasts = lazy(() => import('./components/Toasts.tsx'))
const VideoSession = lazy(() => import('./pages/VideoSession.tsx'))

function LazyToasts() {
  const [isNeeded, setNeeded] = useState(false)
  useEffect(() => onFirstNote(() => setNeeded(true)), [])
  return (
    isNeeded && (
      <Suspense fallback={null}>
        <Toasts />
      </Suspense>
    )
  )
}

export function App() {
  useLiveUpdates()
  useQuery({ ...settingsQuery, refetchInterval: 5 * 60_000 })
  const { pathname } = useLocation()
  const page = (element: ReactNode) => (
    <ErrorBoundary resetKey={pathname}>
      <Suspense fallback={<PageSkeleton />}>{element}</Suspense>
    </ErrorBoundary>
  )
  const own = (element: ReactNode) => page(<RequireSignIn>{element}</RequireSignIn>)
  return (
    <>
      <Routes>
        <Route element={<Shell />}>
          <Route index element={page(<Home />)} />
          <Route path="sign-in" element={page(<SignIn />)} />
          <Route path="host-selection" element={page(<HostSelection />)} />
          <Route path="plans" element={page(<Plans />)} />
          <Route path="bookings/:id/schedule" element={own(<Schedule />)} />
          <Route path="account" element={own(<Account />)} />
          <Route path="manage/:token" element={page(<Manage />)} />
          <Route path="host/bookings/:id/move" element={own(<HostMove />)} />
          <Route path="host" element={own(<HostDashboard />)} />
          <Route path="receipts/:id" element={own(<Receipt />)} />
          <Route path="ops" element={own(<Operations />)} />
          <Route path="ops/purchases/:id" element={own(<PurchaseFile />)} />
          <Route path="*" element={page(<NotFound />)} />
        </Route>
        <Route path="video-session" element={own(<VideoSession />)} />
      </Routes>
      <LazyToasts />
    </>
  )
}
