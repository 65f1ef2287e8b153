import { LoaderCircle } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { Link, type LinkProps } from 'react-router'

type Kind = 'primary' | 'secondary' | 'quiet' | 'danger'
type Size = 'normal' | 'small'

const kinds: Record<Kind, string> = {
  primary: 'bg-accent text-accent-ink hover:bg-accent-strong shadow-card',
  secondary: 'bg-surface text-ink border border-line-strong/50 hover:border-line-strong hover:bg-sunken/60',
  quiet: 'text-ink-soft hover:bg-sunken hover:text-ink',
  danger: 'bg-danger-soft text-danger hover:brightness-97',
}

export function buttonClass(kind: Kind = 'primary', size: Size = 'normal', more = ''): string {
  const shape = size === 'small' ? 'min-h-11 px-4 text-[0.9375rem]' : 'min-h-12 px-5.5 text-base'
  return `inline-flex items-center justify-center gap-2 rounded-full font-semibold text-center leading-tight transition-colors
    select-none disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:size-[1.15em] [&_svg]:shrink-0 ${shape} ${kinds[kind]} ${more}`
}

type ButtonProps = ComponentProps<'button'> & {
  kind?: Kind
  size?: Size
  isBusy?: boolean
  children: ReactNode
}

export function Button({
  kind,
  size,
  isBusy = false,
  className = '',
  disabled,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || isBusy}
      aria-busy={isBusy || undefined}
      className={buttonClass(kind, size, className)}
    >
      {isBusy && <LoaderCircle className="animate-spin" aria-hidden="true" />}
      {children}
    </button>
  )
}

type ButtonLinkProps = LinkProps & { kind?: Kind; size?: Size }

export function ButtonLink({
  kind,
  size,
  className = '',
  ...rest
}: ButtonLinkProps & { className?: string }) {
  return <Link {...rest} className={buttonClass(kind, size, className)} />
}
