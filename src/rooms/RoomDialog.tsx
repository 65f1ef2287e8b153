// A dialog within a call. Where it cannot be loaded, the call goes on without it.
import { type ReactNode, Suspense } from 'react'
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx'
import { say } from '../ui/toasts.ts'

export function RoomDialog({ children, onFailed }: { children: ReactNode; onFailed: () => void }) {
  return (
    <ErrorBoundary
      resetKey=""
      onFailed={() => {
        onFailed()
        say("That couldn't be opened. Your call goes on; please try again after it.")
      }}
    >
      <Suspense fallback={null}>{children}</Suspense>
    </ErrorBoundary>
  )
}
