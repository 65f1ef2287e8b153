// The designed empty, error and offline states: one quiet picture, one sentence, one way on.
import { CloudOff, type LucideIcon, RotateCw, WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { ApiProblem } from '../api.ts'
import { sentenceOf } from '../toasts.ts'
import { Button } from './Button.tsx'

type Props = { icon: LucideIcon; title: string; children?: ReactNode; action?: ReactNode; role?: 'alert' | 'status' }

export function Notice({ icon: Icon, title, children, action, role }: Props) {
  return (
    <div role={role} className="rise mx-auto flex max-w-md flex-col items-center px-4 py-12 text-center">
      <span className="mb-5 grid size-16 place-items-center rounded-full bg-accent-soft text-accent-on-soft">
        <Icon className="size-7" strokeWidth={1.75} aria-hidden="true" />
      </span>
      <h2 className="text-xl">{title}</h2>
      {children && <div className="mt-2 text-ink-soft">{children}</div>}
      {action && <div className="mt-6 flex flex-wrap justify-center gap-3">{action}</div>}
    </div>
  )
}

/** What went wrong in our words, and another try. Without a connection it says so instead. */
export function Problem({ error, onRetry, title }: { error: unknown; onRetry?: () => void; title?: string }) {
  const isOffline = navigator.onLine === false || (error instanceof ApiProblem && error.code === 'unreachable')
  return (
    <Notice
      role="alert"
      icon={isOffline ? WifiOff : CloudOff}
      title={isOffline ? "You're offline" : title ?? "This didn't load"}
      action={onRetry && (
        <Button kind="secondary" onClick={onRetry}>
          <RotateCw aria-hidden="true" /> Try again
        </Button>
      )}
    >
      {isOffline ? 'Check your connection. Everything will come back when you do.' : sentenceOf(error)}
    </Notice>
  )
}
