// The designed empty, error and offline states: one picture, one sentence, one way on.
import { CloudOff, Compass, type LucideIcon, RotateCw, WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { ApiProblem } from '../api/request.ts'
import { sentenceOf } from './toasts.ts'
import { Button, ButtonLink } from './Button.tsx'

type Props = {
  icon: LucideIcon
  title: string
  children?: ReactNode
  action?: ReactNode
  role?: 'alert' | 'status'
}

export function Notice({ icon: Icon, title, children, action, role }: Props) {
  return (
    <div role={role} className="rise mx-auto flex max-w-md flex-col items-center px-4 py-12 text-center">
      <span className="mb-5 grid size-16 place-items-center rounded-full bg-accent-soft text-accent-on-soft">
        <Icon className="size-7" strokeWidth={1.75} aria-hidden="true" />
      </span>
      <h2 className="text-xl">{title}</h2>
      {children && <div className="mt-2 text-balance text-ink-soft">{children}</div>}
      {action && <div className="mt-6 flex flex-wrap justify-center gap-3">{action}</div>}
    </div>
  )
}

type ProblemProps = { error: unknown; onRetry?: () => void; title?: string; action?: ReactNode }

/**
 * A problem in our words, with a retry. Offline it says so instead; what is missing, over or somebody
 * else's cannot be retried, so the button leads home.
 */
export function Problem({ error, onRetry, title, action }: ProblemProps) {
  const isOffline =
    navigator.onLine === false || (error instanceof ApiProblem && error.code === 'unreachable')
  const isFinal = error instanceof ApiProblem && [403, 404, 410].includes(error.status)
  if (isFinal) {
    return (
      <Notice
        role="alert"
        icon={Compass}
        title={title ?? "There's nothing here for you"}
        action={
          <ButtonLink to="/" kind="secondary">
            Go home
          </ButtonLink>
        }
      >
        {sentenceOf(error)}
      </Notice>
    )
  }
  return (
    <Notice
      role="alert"
      icon={isOffline ? WifiOff : CloudOff}
      title={isOffline ? "You're offline" : (title ?? "This didn't load")}
      action={
        <>
          {onRetry && (
            <Button kind="secondary" onClick={onRetry}>
              <RotateCw aria-hidden="true" /> Try again
            </Button>
          )}
          {action}
        </>
      }
    >
      {isOffline ? 'Check your connection. Everything will come back when you do.' : sentenceOf(error)}
    </Notice>
  )
}
