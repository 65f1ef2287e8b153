// A dialog that is loaded when it is opened. Where it cannot be loaded, the page or call around it goes on.
import { type ReactNode, Suspense } from 'react'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { say } from './toasts.ts'

export function DialogBoundary({ children, onFailed }: { children: ReactNode; onFailed: () => void }) {
  return (
    <ErrorBoundary
      resetKey=""
      onFailed={() => {
        onFailed()
        say("That couldn't be opened. Everything else goes on; please try again in a moment.")
      }}
    >
      <Suspense fallback={null}>{children}</Suspense>
    </ErrorBoundary>
  )
}
