import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { Route, Routes, useLocation } from 'react-router'
import { ErrorBoundary } from './ui/ErrorBoundary.tsx'
import { PageSkeleton } from './ui/Page.tsx'
import { RequireSignIn } from './ui/RequireSignIn.tsx'
import { Shell } from './ui/Shell.tsx'
import { useLiveUpdates } from './api/live.ts'
import { settingsQuery } from './api/queries.ts'
import { onFirstNote } from './ui/toasts.ts'
import { minuteMs } from './words/clock.ts'

const Account = lazy(() => import('./account/Account.tsx'))
const HelpPage = lazy(() => import('./legal/HelpPage.tsx'))
const Home = lazy(() => import('./bookings/Home.tsx'))
const HostDashboard = lazy(() => import('./hosting/HostDashboard.tsx'))
const HostSelection = lazy(() => import('./hosts/HostSelection.tsx'))
const HostMove = lazy(() => import('./hosting/HostMove.tsx'))
const Legal = lazy(() => import('./legal/Legal.tsx'))
const Manage = lazy(() => import('./bookings/Manage.tsx'))
const NotFound = lazy(() => import('./ui/NotFound.tsx'))
const Operations = lazy(() => import('./operations/Operations.tsx'))
const Plans = lazy(() => import('./purchases/Plans.tsx'))
const PurchaseFile = lazy(() => import('./operations/PurchaseFile.tsx'))
const Receipt = lazy(() => import('./purchases/Receipt.tsx'))
const Schedule = lazy(() => import('./bookings/Schedule.tsx'))
const SignIn = lazy(() => import('./sign-in/SignIn.tsx'))
const Toasts = lazy(() => import('./ui/Toasts.tsx'))
const VideoSession = lazy(() => import('./rooms/VideoSession.tsx'))

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
  useQuery({ ...settingsQuery, refetchInterval: 5 * minuteMs })
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
          <Route path="help" element={page(<HelpPage />)} />
          <Route path="legal/:name" element={page(<Legal />)} />
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
